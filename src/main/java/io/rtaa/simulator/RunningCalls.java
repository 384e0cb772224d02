package io.rtaa.simulator;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Calls that were placed. Thread-safety: any thread. */
public interface RunningCalls {
    /** Completes when every call is over; never fails, as a call's failure is in its report. */
    CompletionStage<RunReport> report();

    /** The ids of the calls' streams, in the order they begin; known before any of them has. */
    List<String> streamSids();

    /** Ends every call with a stop, as somebody who hangs up; those not begun yet never begin. */
    void hangUp();
}
