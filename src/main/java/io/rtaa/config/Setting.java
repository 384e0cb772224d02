package io.rtaa.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A setting, declared once: its names, its meaning, its default, how its text is read and what is allowed. {@link
 * SettingsFiles} makes of all declarations what the process, operators and editors read.
 *
 * <p>Thread-safety: immutable.
 *
 * @param <T> what its text is read as
 */
final class Setting<T> {

    /** Where its default is. */
    enum Origin {
        /** In the declaration, and from there in application.yaml. */
        DECLARATION,
        /** In the file of each bus, {@code bus/<adapter>.yaml}. */
        BUS,
        /** In the built-in routes that name it. */
        ROUTES
    }

    /** What a person reads in the place of a default that is none. */
    static final String NO_DEFAULT = "–";

    /** What the names of the service's own properties begin with. */
    private static final String OWN = "rtaa.";

    private final String variable;
    private final String property;
    private final String meaning;
    private final Class<?> type;
    private final Function<String, @Nullable T> parser;
    private final @Nullable String allowed;
    private final @Nullable T instead;
    private final List<String> words;
    private final boolean secret;
    private final Origin origin;
    private final String defaultText;
    private final @Nullable String defaultInWords;
    private final boolean alwaysLogged;
    private final @Nullable Setting<Path> file;

    private Setting(Builder<T> builder) {
        variable = builder.variable;
        property = builder.property;
        meaning = builder.meaning;
        type = builder.type;
        parser = builder.parser;
        allowed = builder.allowed;
        instead = builder.instead;
        words = builder.words;
        secret = builder.secret;
        origin = builder.origin;
        defaultText = builder.defaultText;
        defaultInWords = builder.defaultInWords;
        alwaysLogged = builder.alwaysLogged;
        file = secret && property.startsWith(OWN) ? fileOf(this) : null;
    }

    private static Setting<Path> fileOf(Setting<?> secret) {
        return parsed(
                        secret.property + "-file",
                        Setting::path,
                        "A file that holds the value of " + secret.variable + ", which is not set then")
                .variable(secret.variable + "_FILE")
                .build();
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            // Its message would show the text, which may be the secret itself.
            throw new IllegalArgumentException("it is no path; allowed: the path of a file");
        }
    }

    /** A whole number within bounds. */
    static Builder<Integer> number(String property, int least, int most, String meaning) {
        Builder<Integer> builder = new Builder<>(property, meaning, Integer.class, text -> whole(text, least, most));
        builder.allowed = "a whole number from " + least + " to " + most;
        builder.instead = least;
        return builder;
    }

    private static @Nullable Integer whole(String text, int least, int most) {
        try {
            int number = Integer.parseInt(text);
            return number >= least && number <= most ? number : null;
        } catch (NumberFormatException e) {
            // The fault is that of a number out of range.
            return null;
        }
    }

    /** One of several words; upper and lower case are the same. The first one is what a wrong word is read as. */
    static Builder<String> word(String property, List<String> words, String meaning) {
        Builder<String> builder = new Builder<>(
                property,
                meaning,
                String.class,
                text -> words.stream()
                        .filter(text::equalsIgnoreCase)
                        .findFirst()
                        .orElse(null));
        builder.allowed = "one of " + String.join(", ", words);
        builder.instead = words.get(0);
        builder.words = words;
        return builder;
    }

    /** Text that is checked with other settings, or by what it is for. */
    static Builder<String> text(String property, String meaning) {
        return new Builder<>(property, meaning, String.class, text -> text);
    }

    /** Parts separated by commas; blank ones are left out. */
    static Builder<List<String>> list(String property, String meaning) {
        return new Builder<>(
                property,
                meaning,
                List.class,
                text -> Arrays.stream(text.split(","))
                        .map(String::strip)
                        .filter(part -> !part.isEmpty())
                        .toList());
    }

    /**
     * Text that another class knows how to read.
     *
     * @param parser throws {@link IllegalArgumentException} whose message says what is wrong and what is allowed, and
     *     holds no secret
     */
    static <T> Builder<T> parsed(String property, Function<String, T> parser, String meaning) {
        return new Builder<>(property, meaning, String.class, parser);
    }

    /** The environment variable. */
    String variable() {
        return variable;
    }

    /** The property behind it. */
    String property() {
        return property;
    }

    /** What it says, in words. */
    String meaning() {
        return meaning;
    }

    /** The type of its value, as editors take it. */
    Class<?> type() {
        return type;
    }

    /** The words that are allowed; empty where it is no choice. */
    List<String> words() {
        return words;
    }

    /** Whether its value is never shown. */
    boolean secret() {
        return secret;
    }

    /**
     * The setting that names a file with the value of this one; null where there is none. Each secret of the service's own
     * has one.
     */
    @Nullable
    Setting<Path> file() {
        return file;
    }

    /** Whether the start logs its value even where that is the default. */
    boolean alwaysLogged() {
        return alwaysLogged;
    }

    Origin origin() {
        return origin;
    }

    /** Its default as text; empty where it has none, or another place has it. */
    String defaultText() {
        return defaultText;
    }

    /** Its default as a person reads it; a dash where it has none. */
    String defaultInWords() {
        if (defaultInWords != null) {
            return defaultInWords;
        }
        return defaultText.isEmpty() ? NO_DEFAULT : defaultText;
    }

    /** What is allowed; null where its parser says so itself, or anything is. */
    @Nullable
    String allowed() {
        return allowed;
    }

    /** What a wrong value is read as; null where its parser has none. */
    @Nullable
    T instead() {
        return instead;
    }

    /**
     * Reads a value.
     *
     * @return null for one that is not {@link #allowed}
     * @throws IllegalArgumentException from its parser
     */
    @Nullable
    T parse(String text) {
        return parser.apply(text);
    }

    @Override
    public String toString() {
        return variable;
    }

    /** Declares a setting. */
    static final class Builder<T> {

        private final String property;
        private final String meaning;
        private final Class<?> type;
        private final Function<String, @Nullable T> parser;
        private String variable;
        private @Nullable String allowed;
        private @Nullable T instead;
        private List<String> words = List.of();
        private boolean secret;
        private Origin origin = Origin.DECLARATION;
        private String defaultText = "";
        private @Nullable String defaultInWords;
        private boolean alwaysLogged;

        private Builder(String property, String meaning, Class<?> type, Function<String, @Nullable T> parser) {
            this.property = property;
            this.meaning = meaning;
            this.type = type;
            this.parser = parser;
            // As Spring Boot spells the property.
            this.variable = property.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
        }

        /** The variable, where it is not the property as Spring Boot spells it. */
        Builder<T> variable(String name) {
            variable = name;
            return this;
        }

        /** Its value is never shown, and can come from a file. */
        Builder<T> isSecret() {
            secret = true;
            return this;
        }

        /** The start logs its value even where that is the default. */
        Builder<T> isAlwaysLogged() {
            alwaysLogged = true;
            return this;
        }

        /** Its default. */
        Builder<T> otherwise(Object value) {
            defaultText = String.valueOf(value);
            return this;
        }

        /** What it is where it is not set, if that follows from other settings. */
        Builder<T> otherwiseInWords(String words) {
            defaultInWords = words;
            return this;
        }

        /** Each bus has a default of its own. */
        Builder<T> otherwiseByTheBus(String words) {
            origin = Origin.BUS;
            defaultInWords = words;
            return this;
        }

        /** The built-in routes that name it have its default. */
        Builder<T> otherwiseByTheRoutes(String words) {
            origin = Origin.ROUTES;
            defaultInWords = words;
            return this;
        }

        Setting<T> build() {
            return new Setting<>(this);
        }
    }
}
