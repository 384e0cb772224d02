package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.RtaaApplication;
import io.rtaa.testsupport.CamelJmx;
import io.rtaa.testsupport.OperatorClient;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/** How the settings of operators' logins decide what the management listener asks for. */
@ExtendWith(OutputCaptureExtension.class)
@ExtendWith(CamelJmx.class)
class OperatorStartTest {

    private static final Pattern PASSWORD = Pattern.compile("Hawtio asks for user (\\S+) with password ([^,\\s]+)");

    private static ConfigurableApplicationContext start(String... settings) {
        return SpringApplication.run(
                RtaaApplication.class,
                Stream.concat(
                                Stream.of("--rtaa.port=0", "--rtaa.management.port=0", "--rtaa.roles=asr"),
                                Stream.of(settings))
                        .toArray(String[]::new));
    }

    private static int port(ConfigurableApplicationContext context) {
        return ((WebServerApplicationContext) context).getWebServer().getPort();
    }

    @Test
    void onLoopbackTheStartPrintsARandomPasswordThatOpensHawtio(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = start("--rtaa.management.user=ops")) {
            Matcher printed = PASSWORD.matcher(output);
            assertThat(printed.find()).isTrue();
            assertThat(printed.group(1)).isEqualTo("ops");
            assertThat(printed.group(2)).hasSize(24);
            OperatorClient client = OperatorClient.in(port(context), "ops", printed.group(2));
            assertThat(client.get("/actuator/hawtio/index.html").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void withoutAPasswordHawtioIsOffWhereTheListenerIsNotOnLoopback(CapturedOutput output) throws Exception {
        try (ConfigurableApplicationContext context = start("--rtaa.management.address=0.0.0.0")) {
            assertThat(output).contains("Hawtio is off").doesNotContainPattern(PASSWORD);
            OperatorClient client = new OperatorClient(port(context));
            assertThat(client.get("/actuator/health").statusCode()).isIn(200, 503);
            for (String path : new String[] {
                "/actuator/hawtio",
                "/actuator/hawtio/index.html",
                "/actuator/jolokia/version",
                "/login",
                "/actuator/env"
            }) {
                assertThat(client.get(path).statusCode()).as(path).isEqualTo(404);
                assertThat(client.get(path, "rtaa:").statusCode()).as(path).isEqualTo(404);
            }
        }
    }

    @Test
    void allClosesMetricsAndHealthToo() throws Exception {
        try (ConfigurableApplicationContext context = start(
                "--rtaa.management.auth=all",
                "--rtaa.management.address=0.0.0.0",
                "--rtaa.management.password=right",
                "--rtaa.management.viewers=prometheus:scrapes")) {
            OperatorClient client = new OperatorClient(port(context));
            for (String path : new String[] {"/actuator", "/actuator/health"}) {
                assertThat(client.get(path).statusCode()).as(path).isEqualTo(401);
                assertThat(client.get(path, "prometheus:wrong").statusCode())
                        .as(path)
                        .isEqualTo(401);
                assertThat(client.get(path, "prometheus:scrapes").statusCode())
                        .as(path)
                        .isIn(200, 503);
            }
            assertThat(client.get("/actuator/health", "rtaa:right").headers().map())
                    .doesNotContainKey("set-cookie");
        }
    }

    @Test
    void whatWouldDoNothingOrCannotBeMeantIsRefused() {
        assertThat(TestSettings.faults(Map.of(
                        "MANAGEMENT_ADDRESS", "0.0.0.0", "MANAGEMENT_VIEWERS", "eve:hidden", "MANAGEMENT_AUTH", "all")))
                .contains(
                        "MANAGEMENT_AUTH is set and MANAGEMENT_PASSWORD is not, while the management listener is not"
                                + " bound to loopback; allowed: a password",
                        "MANAGEMENT_VIEWERS is set and MANAGEMENT_PASSWORD is not")
                .doesNotContain("hidden");
        assertThat(TestSettings.faults(Map.of("MANAGEMENT_VIEWERS", "eve:hidden,bob", "MANAGEMENT_AUTH", "some")))
                .contains(
                        "MANAGEMENT_VIEWERS: pair 2 is not user:password; allowed: user:password, several separated by",
                        "MANAGEMENT_AUTH is 'some'; allowed: one of operations, all");
        assertThat(TestSettings.faults(Map.of("MANAGEMENT_VIEWERS", "eve:hidden,eve:other")))
                .contains("MANAGEMENT_VIEWERS: pair 2 has the user of one before it");
        assertThat(TestSettings.faults(Map.of(
                        "MANAGEMENT_USER", "eve", "MANAGEMENT_PASSWORD", "x", "MANAGEMENT_VIEWERS", "eve:hidden")))
                .contains("MANAGEMENT_VIEWERS has the user of MANAGEMENT_USER; allowed: other users");
    }

    @Test
    void noSecretIsShown() {
        ManagementSettings settings = TestSettings.read(
                        Map.of("MANAGEMENT_PASSWORD", "hidden", "MANAGEMENT_VIEWERS", "eve:hidden"))
                .management();
        assertThat(settings.toString()).contains("eve").doesNotContain("hidden");
    }
}
