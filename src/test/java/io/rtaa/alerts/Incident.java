package io.rtaa.alerts;

import java.util.List;

/**
 * Something that goes wrong, and the alerts that it is to cause.
 *
 * @param inWords what is done, for the table
 * @param cause does it
 * @param heal ends it
 */
record Incident(String inWords, List<String> alerts, Step cause, Step heal) {

    /** Does something and returns once it is done, or under way. */
    @FunctionalInterface
    interface Step {
        void take() throws Exception;
    }

    static Incident of(String inWords, Step cause, Step heal, String... alerts) {
        return new Incident(inWords, List.of(alerts), cause, heal);
    }
}
