package io.rtaa.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What carries audio and transcripts between routes; each has a {@code bus/<name>.yaml}. */
public enum BusAdapter {
    MEMORY("memory", "in_memory"),
    REDIS("redis", "redis_streams"),
    KAFKA("kafka", "kafka");

    private final String settingName;
    private final String otherName;

    BusAdapter(String settingName, String otherName) {
        this.settingName = settingName;
        this.otherName = otherName;
    }

    /** Its name, and that of its file. */
    String settingName() {
        return settingName;
    }

    private String names() {
        return settingName.equals(otherName) ? settingName : settingName + " (or " + otherName + ")";
    }

    static Optional<BusAdapter> named(@Nullable String name) {
        String wanted = name == null ? "" : name.strip().toLowerCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(adapter -> wanted.equals(adapter.settingName) || wanted.equals(adapter.otherName))
                .findFirst();
    }

    /** The one that a setting names; notes a fault if it names none. */
    static BusAdapter read(SettingsReader reader, Setting<String> setting) {
        String name = reader.text(setting);
        Optional<BusAdapter> named = named(name);
        if (named.isEmpty()) {
            String allowed = Arrays.stream(values()).map(BusAdapter::names).collect(Collectors.joining(", "));
            reader.fault(setting, name, allowed);
        }
        return named.orElse(MEMORY);
    }
}
