package io.rtaa.config;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;

/** A value in a line of the log makes up neither a key nor a line. */
class KeyValuesTest {

    /** A line as the service's own pattern writes it. */
    private static String line(String value) throws Exception {
        LoggerContext context = new LoggerContext();
        LoggingEvent event = new LoggingEvent(
                KeyValuesTest.class.getName(), context.getLogger("test"), Level.INFO, "Said", null, null);
        event.setKeyValuePairs(List.of(new KeyValuePair("stream_id", value), new KeyValuePair("samples", 7)));
        KeyValues.register();
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.setPattern(String.valueOf(new YamlPropertySourceLoader()
                .load("application.yaml", new ClassPathResource("application.yaml"))
                .get(0)
                .getProperty("logging.pattern.console")));
        layout.start();
        return layout.doLayout(event);
    }

    @Test
    void keysAndValuesStandBehindTheMessage() throws Exception {
        assertThat(line("S1")).endsWith(" Said stream_id=\"S1\" samples=\"7\"" + System.lineSeparator());
    }

    @Test
    void aQuoteInAValueIsEscapedAndALineBreakABlank() throws Exception {
        assertThat(line("a\" tenant_id=\"b\\")).contains(" stream_id=\"a\\\" tenant_id=\\\"b\\\\\" samples=\"7\"");
        assertThat(line("a\nINFO b\u2028c\u0085d"))
                .contains("stream_id=\"a INFO b c d\"")
                .hasLineCount(1);
    }

    @Test
    void theServiceRegistersItBeforeItsFirstLine() throws Exception {
        assertThat(org.springframework.core.io.support.SpringFactoriesLoader.forDefaultResourceLocation()
                        .load(org.springframework.context.ApplicationListener.class))
                .hasAtLeastOneElementOfType(KeyValues.Registration.class);
    }
}
