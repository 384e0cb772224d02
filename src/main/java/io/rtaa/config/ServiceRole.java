package io.rtaa.config;

import java.util.List;
import java.util.Locale;

/** A part of the service that a process may run alone or together with others. */
public enum ServiceRole {
    INGEST,
    ASR,
    DASHBOARD;

    /** The doors a process with this role serves. */
    public List<Door> doors() {
        return switch (this) {
            case INGEST -> List.of(Door.EXOTEL, Door.INGEST);
            case ASR -> List.of();
            case DASHBOARD -> List.of(Door.TRANSCRIPTS);
        };
    }

    /** The role as it is written in settings, and the folder of its routes. */
    public String settingName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
