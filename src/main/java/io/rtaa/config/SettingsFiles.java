package io.rtaa.config;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes of the declarations of all settings what others read: their part of application.yaml, which gives the process
 * variables and defaults, and the metadata by which editors complete and explain properties.
 *
 * <p>{@code mvn -Pgenerate process-classes} runs it. A test compares what is committed.
 */
public final class SettingsFiles {

    private static final Path DEFAULTS = Path.of("src/main/resources/application.yaml");
    private static final Path METADATA = Path.of("src/generated/resources/META-INF/spring-configuration-metadata.json");

    private static final String BEGIN = "# Settings, made of their declarations by 'mvn -Pgenerate process-classes'\n";
    private static final String END = "# End of the settings\n";

    private SettingsFiles() {}

    /** Writes the files; runs in the project's folder. */
    public static void main(String[] arguments) throws IOException {
        for (Map.Entry<Path, String> file : files().entrySet()) {
            Path folder = file.getKey().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            Files.writeString(file.getKey(), file.getValue());
        }
    }

    /** The declarations of all settings, each of a property below {@code rtaa}. */
    static List<Setting<?>> declarations() {
        return Stream.of(
                        RtaaSettings.DECLARED,
                        TlsSettings.DECLARED,
                        ManagementSettings.DECLARED,
                        RedisSettings.DECLARED,
                        KafkaSettings.DECLARED,
                        AsrSettings.DECLARED,
                        DeepgramSettings.DECLARED,
                        JwtSettings.DECLARED,
                        Credentials.DECLARED,
                        LimitSettings.DECLARED,
                        RouteSettings.DECLARED,
                        TracingSettings.DECLARED)
                .flatMap(List::stream)
                .<Setting<?>>mapMulti((setting, declared) -> {
                    declared.accept(setting);
                    if (setting.file() != null) {
                        declared.accept(setting.file());
                    }
                })
                .toList();
    }

    /** What each file has to hold, by its path from the project's folder. */
    static Map<Path, String> files() throws IOException {
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(DEFAULTS, defaults(Files.readString(DEFAULTS)));
        files.put(METADATA, metadata());
        return files;
    }

    private static String defaults(String before) {
        int begin = before.indexOf(BEGIN);
        int end = before.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(DEFAULTS + " lacks the lines around the settings: " + BEGIN + END);
        }
        String lines = declarations().stream()
                .filter(setting -> setting.origin() == Setting.Origin.DECLARATION)
                .map(setting -> setting.property() + ": ${" + setting.variable() + ":" + setting.defaultText() + "}\n")
                .collect(Collectors.joining());
        return before.substring(0, begin) + BEGIN + lines + before.substring(end);
    }

    private static String metadata() throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode metadata = mapper.createObjectNode();
        ArrayNode properties = metadata.putArray("properties");
        ArrayNode hints = metadata.putArray("hints");
        declarations().stream().sorted(Comparator.comparing(Setting::property)).forEach(setting -> {
            describe(setting, properties.addObject());
            if (!setting.words().isEmpty()) {
                ArrayNode values =
                        hints.addObject().put("name", setting.property()).putArray("values");
                setting.words().forEach(word -> values.addObject().put("value", word));
            }
        });
        DefaultIndenter indenter = new DefaultIndenter("  ", "\n");
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
        printer.indentObjectsWith(indenter);
        printer.indentArraysWith(indenter);
        return mapper.writer(printer).writeValueAsString(metadata) + "\n";
    }

    private static void describe(Setting<?> setting, ObjectNode property) {
        boolean isList = setting.type() == List.class;
        property.put("name", setting.property());
        property.put(
                "type",
                isList ? "java.util.List<java.lang.String>" : setting.type().getName());
        StringBuilder description = new StringBuilder(setting.meaning()).append(". ");
        if (setting.allowed() != null) {
            description.append("Allowed: ").append(setting.allowed()).append(". ");
        }
        if (setting.defaultText().isEmpty() && !setting.defaultInWords().equals(Setting.NO_DEFAULT)) {
            description.append("Default: ").append(setting.defaultInWords()).append(". ");
        }
        property.put("description", description + "Variable: " + setting.variable() + ".");
        if (setting.defaultText().isEmpty()) {
            return;
        }
        if (setting.type() == Integer.class) {
            property.put("defaultValue", Integer.parseInt(setting.defaultText()));
        } else if (isList) {
            ArrayNode parts = property.putArray("defaultValue");
            Arrays.stream(setting.defaultText().split(",")).forEach(parts::add);
        } else {
            property.put("defaultValue", setting.defaultText());
        }
    }
}
