package io.rtaa.dashboard;

import io.rtaa.call.TranscriptEvent;
import java.util.List;

/**
 * All that was said in a call so far; a snapshot that does not change.
 *
 * @param summary the call
 * @param lines its finals and gaps, by rising seq
 */
record CallTranscript(CallSummary summary, List<TranscriptEvent> lines) {}
