package io.rtaa.dashboard;

import io.rtaa.call.TranscriptEvent;
import java.time.Clock;
import java.time.Duration;

/** Shows events as the dashboard does, for tests of other packages. */
public final class TranscriptShowing {

    private TranscriptShowing() {}

    /** Takes an event into a book of its own, and writes what is then known of its call in every format. */
    public static void show(TranscriptEvent event) {
        CallBook book = new CallBook(Clock.systemUTC(), CallBook.Limits.DEFAULT, Duration.ZERO);
        book.add(event);
        book.replay(event.stream(), Long.MIN_VALUE, 1000);
        book.transcript(event.stream()).ifPresent(call -> {
            for (TranscriptFormat format : TranscriptFormat.values()) {
                format.write(call);
            }
        });
    }
}
