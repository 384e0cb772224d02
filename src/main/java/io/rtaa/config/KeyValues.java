package io.rtaa.config;

import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;
import org.slf4j.event.KeyValuePair;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.context.ApplicationListener;

/**
 * Writes the keys of a line of the log and their values, {@code key="value"}, where a pattern says {@code %kvp}. A value
 * may come from outside: a double quote and a backslash in it are escaped by a backslash, and what would end the line
 * becomes a blank, so that a value makes up neither a key nor a line. Logback's own writer escapes nothing.
 *
 * <p>Thread-safety: stateless.
 */
public final class KeyValues extends ClassicConverter {

    private static final String WORD = "kvp";

    /** Takes the place of Logback's writer before the first pattern of a start is read. */
    static final class Registration implements ApplicationListener<ApplicationStartingEvent> {

        @Override
        public void onApplicationEvent(ApplicationStartingEvent starting) {
            register();
        }
    }

    static void register() {
        PatternLayout.DEFAULT_CONVERTER_SUPPLIER_MAP.put(WORD, KeyValues::new);
    }

    @Override
    public String convert(ILoggingEvent event) {
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs == null) {
            return "";
        }
        StringBuilder text = new StringBuilder();
        for (KeyValuePair pair : pairs) {
            if (!text.isEmpty()) {
                text.append(' ');
            }
            text.append(pair.key).append("=\"");
            append(String.valueOf(pair.value), text);
            text.append('"');
        }
        return text.toString();
    }

    private static void append(String value, StringBuilder text) {
        for (int i = 0; i < value.length(); i++) {
            char character = value.charAt(i);
            if (character == '"' || character == '\\') {
                text.append('\\').append(character);
            } else {
                text.append(endsALine(character) ? ' ' : character);
            }
        }
    }

    private static boolean endsALine(char character) {
        return Character.isISOControl(character) || character == 0x2028 || character == 0x2029;
    }
}
