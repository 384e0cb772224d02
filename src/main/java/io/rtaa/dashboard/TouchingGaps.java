package io.rtaa.dashboard;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import java.util.ArrayList;
import java.util.List;

/**
 * A transcript as it is read: gaps that touch are one. What is published is never changed, so a loss that goes on is
 * several gaps on the bus, about one a second.
 */
final class TouchingGaps {

    private TouchingGaps() {}

    /**
     * The same lines with one gap in place of those that touch and have no words between them.
     *
     * @param lines finals and gaps, by rising seq
     */
    static List<TranscriptEvent> joined(List<TranscriptEvent> lines) {
        List<TranscriptEvent> read = new ArrayList<>(lines.size());
        // Where the gap stands that the next one may join; -1 after words.
        int last = -1;
        for (TranscriptEvent line : lines) {
            if (line instanceof Gap gap && last >= 0 && read.get(last) instanceof Gap before && before.touches(gap)) {
                read.set(last, before.joinedWith(gap));
                continue;
            }
            read.add(line);
            if (line instanceof Gap) {
                last = read.size() - 1;
            } else if (line instanceof Final said && !said.text().isBlank()) {
                last = -1;
            }
        }
        return read;
    }
}
