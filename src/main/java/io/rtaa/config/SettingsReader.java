package io.rtaa.config;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reads settings one by one and gathers what is wrong with them, so that a start fails with all faults at once. A setting
 * that is wrong is read as its fallback, and the gathered faults keep it from ever being used.
 *
 * <p>Thread-safety: none; used by one thread while the process starts.
 */
final class SettingsReader {

    private final ConfigurableEnvironment environment;
    private final List<String> faults = new ArrayList<>();
    private final Set<Setting> quoted = new HashSet<>();
    private final Set<Setting> wrong = new HashSet<>();

    SettingsReader(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /** The value as it was set, without surrounding blanks; null where it is unset or blank. */
    @Nullable
    String text(Setting setting) {
        String value = environment.getProperty(setting.property());
        if (value == null) {
            return null;
        }
        String text = value.strip();
        if (isQuoted(text)) {
            // The rest of the check goes on with what was meant, so that it finds no further fault in the quotes.
            if (quoted.add(setting)) {
                faults.add(
                        name(setting) + " has quotes around its value, which are part of it: docker run --env-file and"
                                + " the like keep them; allowed: the value without quotes");
            }
            text = text.substring(1, text.length() - 1).strip();
        }
        return text.isEmpty() ? null : text;
    }

    private static boolean isQuoted(String text) {
        return text.length() > 1
                && ((text.startsWith("\"") && text.endsWith("\"")) || (text.startsWith("'") && text.endsWith("'")));
    }

    /**
     * How the operator set a setting: its variable, unless it was set by its property or that one's spelling as a
     * variable.
     */
    String name(Setting setting) {
        return SetNames.of(setting, environment);
    }

    /** Whether an operator set a setting, by whatever name. */
    boolean isSet(Setting setting) {
        return !name(setting).equals(setting.variable()) || environment.containsProperty(setting.variable());
    }

    int integer(Setting setting, int least, int most) {
        String value = text(setting);
        if (value != null) {
            try {
                int number = Integer.parseInt(value);
                if (number >= least && number <= most) {
                    return number;
                }
            } catch (NumberFormatException e) {
                // Told below, together with a number out of range.
            }
        }
        fault(setting, value, "a whole number from " + least + " to " + most);
        return least;
    }

    /** One of several words; upper and lower case are the same. */
    String oneOf(Setting setting, String... allowed) {
        String value = text(setting);
        for (String word : allowed) {
            if (word.equalsIgnoreCase(value)) {
                return word;
            }
        }
        fault(setting, value, "one of " + String.join(", ", allowed));
        return allowed[0];
    }

    /** A list separated by commas; empty where unset. */
    List<String> list(Setting setting) {
        String value = text(setting);
        if (value == null) {
            return List.of();
        }
        return Arrays.stream(value.split(","))
                .map(String::strip)
                .filter(part -> !part.isEmpty())
                .toList();
    }

    /**
     * A value that another class knows how to read.
     *
     * @param parser throws {@link IllegalArgumentException} whose message says what is wrong and what is allowed, and
     *     holds no secret
     * @return null where the setting is unset or wrong
     */
    <T> @Nullable T parsed(Setting setting, Function<String, T> parser) {
        String value = text(setting);
        if (value == null) {
            return null;
        }
        try {
            return parser.apply(value);
        } catch (IllegalArgumentException e) {
            faults.add(name(setting) + ": " + e.getMessage());
            return null;
        }
    }

    /** Notes a fault of a setting; a secret's value is left out. */
    void fault(Setting setting, @Nullable String value, String allowed) {
        String shown = value == null ? "is not set" : setting.secret() ? "has a wrong value" : "is '" + value + "'";
        faults.add(name(setting) + " " + shown + "; allowed: " + allowed);
        wrong.add(setting);
    }

    /** Whether a setting has a fault of its own, so that what it is read as says nothing of how it goes with others. */
    boolean isWrong(Setting setting) {
        return wrong.contains(setting);
    }

    /** Notes a fault that lies in how settings go together. */
    void fault(String what) {
        faults.add(what);
    }

    /** @throws SettingsException if anything was wrong */
    void throwIfFaulty() {
        if (!faults.isEmpty()) {
            throw new SettingsException(faults);
        }
    }

    /**
     * A setting's two names.
     *
     * @param variable the environment variable
     * @param property the property behind it, which {@code application.yaml} fills from the variable or a default
     * @param secret whether its value is never shown
     */
    record Setting(String variable, String property, boolean secret) {

        static Setting open(String variable, String property) {
            return new Setting(variable, property, false);
        }

        static Setting secret(String variable, String property) {
            return new Setting(variable, property, true);
        }

        @Override
        public String toString() {
            return variable.toUpperCase(Locale.ROOT);
        }
    }
}
