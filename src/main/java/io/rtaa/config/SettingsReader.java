package io.rtaa.config;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
    /** In their order; a setting that several parts read has its fault once. */
    private final Set<String> faults = new LinkedHashSet<>();

    private final Set<Setting<?>> quoted = new HashSet<>();
    private final Set<Setting<?>> wrong = new HashSet<>();
    /** The files of secrets; a secret that has none, or is set twice, is empty here. */
    private final Map<Setting<?>, Optional<Path>> secretFiles = new HashMap<>();
    /** What the files of secrets hold; empty for one that cannot be used. */
    private final Map<Setting<?>, Optional<FileContent>> contents = new HashMap<>();

    SettingsReader(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /**
     * The value as it was set, or as the file of a secret holds it, without surrounding blanks; null where it is unset or
     * blank.
     */
    @Nullable
    String text(Setting<?> setting) {
        if (file(setting) == null) {
            return bare(setting, environment.getProperty(setting.property()));
        }
        FileContent content = content(setting);
        return content == null ? null : bare(setting, content.text());
    }

    /** What the file of a secret held, to be watched from there on; null where no file sets it, or none that can be used. */
    @Nullable
    FileContent content(Setting<?> setting) {
        Path file = file(setting);
        if (file == null) {
            return null;
        }
        Optional<FileContent> content = contents.get(setting);
        if (content == null) {
            content = Optional.ofNullable(read(setting, file));
            contents.put(setting, content);
        }
        return content.orElse(null);
    }

    /** The file that a secret is set by; null where it is set by its text, or not at all. */
    @Nullable
    Path file(Setting<?> setting) {
        Optional<Path> file = secretFiles.get(setting);
        if (file == null) {
            file = Optional.ofNullable(findFile(setting));
            secretFiles.put(setting, file);
        }
        return file.orElse(null);
    }

    private @Nullable Path findFile(Setting<?> setting) {
        Setting<Path> naming = setting.file();
        Path file = naming == null ? null : find(naming);
        if (naming == null || file == null) {
            return null;
        }
        String text = environment.getProperty(setting.property());
        if (text != null && !text.isBlank() && SetNames.isSet(setting, environment)) {
            faults.add(SetNames.of(setting, environment) + " and " + SetNames.of(naming, environment)
                    + " are both set; allowed: one of them");
            wrong.add(setting);
            return null;
        }
        return file;
    }

    private @Nullable FileContent read(Setting<?> setting, Path file) {
        String fault;
        try {
            FileContent content = FileContent.read(file);
            if (!content.text().isBlank()) {
                return content;
            }
            fault = "is empty";
        } catch (IllegalArgumentException e) {
            // Its message names the file in any case.
            fault = e.getCause() == null
                    ? "has more than " + FileContent.MAX_BYTES + " bytes"
                    : "cannot be read (" + e.getCause().getClass().getSimpleName() + ")";
        }
        faults.add(name(setting) + " " + fault
                + "; allowed: a file that this process can read, with the value and nothing else");
        wrong.add(setting);
        return null;
    }

    private @Nullable String bare(Setting<?> setting, @Nullable String value) {
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
     * How the operator set a setting: its variable, unless it was set by its property, that one's spelling as a variable,
     * or a file, whose path is added.
     */
    String name(Setting<?> setting) {
        Setting<Path> naming = setting.file();
        Path file = file(setting);
        if (naming == null || file == null) {
            return SetNames.of(setting, environment);
        }
        // A path that is not absolute may be the secret itself, put into the wrong variable.
        return SetNames.of(naming, environment)
                + (file.isAbsolute() ? " (" + file + ")" : ", a path that is not absolute,");
    }

    /** Whether an operator set a setting, by whatever name; not so for a secret that a file sets. */
    boolean isSet(Setting<?> setting) {
        return SetNames.isSet(setting, environment);
    }

    /** Whether a setting has a value, be it a wrong one, or in a file that cannot be read. */
    boolean isGiven(Setting<?> setting) {
        return file(setting) != null || text(setting) != null;
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
            throw new SettingsException(List.copyOf(faults));
        }
    }
}
