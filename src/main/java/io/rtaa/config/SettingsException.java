package io.rtaa.config;

import java.util.List;

/** The settings are wrong: holds every fault, each saying which setting, its value and what is allowed. */
public class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final List<String> faults;

    public SettingsException(List<String> faults) {
        super(faults.size() == 1 ? "1 setting is wrong" : faults.size() + " settings are wrong");
        this.faults = List.copyOf(faults);
    }

    /** The faults in the order of the settings. */
    public List<String> faults() {
        return faults;
    }
}
