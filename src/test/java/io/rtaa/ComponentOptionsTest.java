package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rtaa.asr.AsrEndpoint;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.edge.listener.PublicListenerOptions;
import io.rtaa.edge.websocket.WebsocketComponent;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.camel.Endpoint;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertyConfigurerGetter;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The options of the components: as they are generated, as they are documented, and as they are. */
class ComponentOptionsTest {

    /** The options of every endpoint of Camel's. */
    private static final Set<String> CAMELS =
            Set.of("bridgeErrorHandler", "exceptionHandler", "exchangePattern", "lazyStartProducer");

    @Test
    void whatIsCommittedIsWhatTheBuildGenerates() throws IOException {
        assumeTrue(System.getProperty("basedir") != null, "only a build of Maven's generates");
        Map<Path, String> committed = files(Path.of("src/generated"));
        // Made of the declarations of settings, not of the components.
        committed.remove(Path.of("resources/META-INF/spring-configuration-metadata.json"));
        assertThat(committed)
                .as("src/generated, which 'mvn -Pgenerate process-classes' brings up to date")
                .isEqualTo(files(Path.of("target/generated-components")));
    }

    private static Map<Path, String> files(Path root) throws IOException {
        Map<Path, String> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(root)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(root.relativize(file), Files.readString(file));
            }
        }
        assertThat(files).as("files in %s", root).hasSizeGreaterThan(10);
        return files;
    }

    @ParameterizedTest
    @CsvSource({"websocket, edge/websocket", "redis-streams, redis", "memory-bus, bus/memory"})
    void theDocumentedOptionsAndDefaultsAreThoseOfTheCatalog(String scheme, String folder) throws IOException {
        Map<String, String> catalog = new TreeMap<>();
        options(scheme, folder).forEach((name, option) -> {
            if (!CAMELS.contains(name)) {
                catalog.put(name, option.path("defaultValue").asText("–"));
            }
        });
        assertThat(documented(scheme))
                .as("the table of %s: in docs/routes.md", scheme)
                .isEqualTo(catalog);
    }

    private static Map<String, String> documented(String scheme) throws IOException {
        Map<String, String> rows = new TreeMap<>();
        Files.readString(Path.of("docs/routes.md"))
                .lines()
                .dropWhile(line -> !line.startsWith("| option of `" + scheme + ":` |"))
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .forEach(line -> {
                    String[] cells = line.split("\\|", -1);
                    rows.put(cells[1].strip().replace("`", ""), cells[2].strip());
                });
        return rows;
    }

    @Test
    void everyOptionThatOperationsNamesIsOneOfTheCatalog() throws IOException {
        Map<String, JsonNode> catalog = options("websocket", "edge/websocket");
        assertThat(Files.readString(Path.of("docs/operations.md"))
                        .lines()
                        .dropWhile(line -> !line.startsWith("| option | `exotel` |"))
                        .skip(2)
                        .takeWhile(line -> line.startsWith("|"))
                        .map(line -> line.split("`", -1)[1]))
                .hasSizeGreaterThan(3)
                .allSatisfy(option -> assertThat(catalog).containsKey(option));
    }

    @Test
    void anAsrEndpointLeavesToCamelWhatTheCatalogHasAndHasNoOptionOfItsOwn() throws IOException {
        Map<String, JsonNode> catalog = options("asr", "asr");
        assertThat(catalog.keySet()).isEqualTo(CAMELS);
        assertThat(AsrEndpoint.takeRecogniserParameters(new HashMap<>(catalog))).isEmpty();
    }

    @Test
    void theDefaultsOfTheCatalogAreThoseInForce() throws Exception {
        Vertx vertx = Vertx.vertx();
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            WebsocketComponent websocket = new WebsocketComponent();
            websocket.setListener(new PublicListener(vertx, PublicListenerOptions.on("127.0.0.1", 0)));
            context.addComponent("websocket", websocket);
            assertDefaults(context, "websocket:new?path=/new", options("websocket", "edge/websocket"));
            assertDefaults(context, "redis-streams:transcripts", options("redis-streams", "redis"));
            assertDefaults(context, "memory-bus:transcripts", options("memory-bus", "bus/memory"));
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static void assertDefaults(DefaultCamelContext context, String uri, Map<String, JsonNode> catalog) {
        Endpoint endpoint = context.getEndpoint(uri);
        PropertyConfigurerGetter configurer = (PropertyConfigurerGetter) PluginHelper.getConfigurerResolver(context)
                .resolvePropertyConfigurer(uri.substring(0, uri.indexOf(':')) + "-endpoint", context);
        catalog.forEach((name, option) -> {
            Class<?> type = configurer.getOptionType(name, true);
            if (option.has("defaultValue")) {
                assertThat(configurer.getOptionValue(endpoint, name, true))
                        .as("%s of %s", name, uri)
                        .isEqualTo(context.getTypeConverter()
                                .convertTo(type, option.get("defaultValue").asText()));
            } else if (type.isPrimitive()) {
                assertThat(option.get("description").asText())
                        .as("%s of %s", name, uri)
                        .contains("Default value notice");
            }
        });
    }

    /** The options of a component's endpoints, without the parts of the path. */
    private static Map<String, JsonNode> options(String scheme, String folder) throws IOException {
        Map<String, JsonNode> options = new LinkedHashMap<>();
        String file = "/META-INF/io/rtaa/" + folder + "/" + scheme + ".json";
        try (InputStream catalog = ComponentOptionsTest.class.getResourceAsStream(file)) {
            new ObjectMapper().readTree(catalog).get("properties").properties().forEach(option -> {
                if (option.getValue().get("kind").asText().equals("parameter")) {
                    options.put(option.getKey(), option.getValue());
                }
            });
        }
        return options;
    }
}
