package io.rtaa.dashboard;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Final;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Who said a line, as far as the recogniser tells it: by channel where a call has several, else by speaker where it has
 * several, else nobody is named. People count from 1.
 */
final class Labels {

    private final boolean byChannel;
    private final boolean bySpeaker;

    private Labels(boolean byChannel, boolean bySpeaker) {
        this.byChannel = byChannel;
        this.bySpeaker = bySpeaker;
    }

    static Labels of(List<TranscriptEvent> lines) {
        List<Final> finals = lines.stream()
                .filter(Final.class::isInstance)
                .map(Final.class::cast)
                .filter(line -> !line.text().isBlank())
                .toList();
        return new Labels(
                finals.stream().map(Final::channel).distinct().count() > 1,
                finals.stream()
                                .map(Final::speaker)
                                .filter(Objects::nonNull)
                                .distinct()
                                .count()
                        > 1);
    }

    @Nullable
    String of(Final line) {
        if (byChannel) {
            return "Channel " + (line.channel() + 1);
        }
        Integer speaker = line.speaker();
        return bySpeaker && speaker != null ? "Speaker " + (speaker + 1) : null;
    }
}
