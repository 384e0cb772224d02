package io.rtaa.asr;

import org.jspecify.annotations.Nullable;

/**
 * What the sessions behind one {@code asr:} name share.
 *
 * @param primary the provider of that name
 * @param standIn takes calls over where the primary fails; null where there is none
 * @param budget the memory for audio that is not final, shared with all other sessions of this process
 * @param meters what is measured of all sessions of this process
 * @param faults what sessions of this process threw
 */
record Recognisers(
        ProviderGate primary,
        @Nullable ProviderGate standIn,
        BacklogBudget budget,
        AsrMeters meters,
        SessionFaults faults) {}
