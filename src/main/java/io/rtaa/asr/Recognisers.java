package io.rtaa.asr;

import io.rtaa.tracing.CallTracing;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the sessions behind one {@code asr:} name share.
 *
 * @param primary the provider of that name
 * @param standIn takes calls over where the primary fails; null where there is none
 * @param budget the memory for audio that is not final, shared with all other sessions of this process
 * @param meters what is measured of all sessions of this process
 * @param faults what sessions of this process threw
 * @param tracing traces the calls
 */
record Recognisers(
        ProviderGate primary,
        @Nullable ProviderGate standIn,
        BacklogBudget budget,
        AsrMeters meters,
        SessionFaults faults,
        CallTracing tracing) {

    /** Why no provider takes a call, as far as is known; null where one may. */
    @Nullable
    RecogniserRefusal refusal() {
        RecogniserRefusal refusal = primary.probe().refusal();
        return standIn == null || standIn.probe().refusal() != null ? refusal : null;
    }

    /** Asks the providers that refuse whether they still do. */
    void probe() {
        gates().forEach(gate -> gate.probe().tick());
    }

    /** The providers' gates. */
    List<ProviderGate> gates() {
        return standIn == null ? List.of(primary) : List.of(primary, standIn);
    }
}
