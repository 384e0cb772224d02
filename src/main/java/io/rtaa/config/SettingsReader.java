package io.rtaa.config;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Reads settings one by one and gathers what is wrong with them, so that a start fails with all faults at once. A setting
 * that is wrong is read as {@link Setting#instead}, and the gathered faults keep it from ever being used.
 *
 * <p>Thread-safety: none; used by one thread while the process starts.
 */
final class SettingsReader {

    private final ConfigurableEnvironment environment;
    private final List<String> faults = new ArrayList<>();
    private final Set<Setting<?>> quoted = new HashSet<>();
    private final Set<Setting<?>> wrong = new HashSet<>();

    SettingsReader(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /** The value as it was set, without surrounding blanks; null where it is unset or blank. */
    @Nullable
    String text(Setting<?> setting) {
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
    String name(Setting<?> setting) {
        return SetNames.of(setting, environment);
    }

    /** Whether an operator set a setting, by whatever name. */
    boolean isSet(Setting<?> setting) {
        return !name(setting).equals(setting.variable()) || environment.containsProperty(setting.variable());
    }

    /** The value of a setting that has to be there; a fault is noted where it is not, or is not allowed. */
    <T> T get(Setting<T> setting) {
        T value = find(setting);
        if (value == null) {
            if (text(setting) == null) {
                fault(setting, null, Objects.requireNonNull(setting.allowed()));
            }
            return Objects.requireNonNull(setting.instead());
        }
        return value;
    }

    /** The value of a setting; null where it is unset, or is not allowed and noted as a fault. */
    <T> @Nullable T find(Setting<T> setting) {
        String text = text(setting);
        if (text == null) {
            return null;
        }
        try {
            T value = setting.parse(text);
            if (value == null) {
                fault(setting, text, Objects.requireNonNull(setting.allowed()));
            }
            return value;
        } catch (IllegalArgumentException e) {
            faults.add(name(setting) + ": " + e.getMessage());
            wrong.add(setting);
            return null;
        }
    }

    /** The parts of a list; empty where it is unset. */
    List<String> list(Setting<List<String>> setting) {
        return Objects.requireNonNullElse(find(setting), List.of());
    }

    /** Notes a fault of a setting; a secret's value is left out. */
    void fault(Setting<?> setting, @Nullable String value, String allowed) {
        String shown = value == null ? "is not set" : setting.secret() ? "has a wrong value" : "is '" + value + "'";
        faults.add(name(setting) + " " + shown + "; allowed: " + allowed);
        wrong.add(setting);
    }

    /** Whether a setting has a fault of its own, so that what it is read as says nothing of how it goes with others. */
    boolean isWrong(Setting<?> setting) {
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
}
