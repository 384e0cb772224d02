package io.rtaa.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.rtaa.call.CallInfo;
import io.rtaa.call.Script;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.wire.TranscriptJson;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The forms in which a transcript can be taken away. */
enum TranscriptFormat {
    /** The call's summary and its finals and gaps as they were sent. */
    JSON("application/json"),
    /** For reading: a line for each thing said. */
    TXT("text/plain; charset=utf-8"),
    /** SubRip: numbered cues, comma before the milliseconds. */
    SRT("application/x-subrip; charset=utf-8"),
    /** WebVTT (https://www.w3.org/TR/webvtt1/, read November 2025): voices as {@code <v>}, texts escaped. */
    VTT("text/vtt; charset=utf-8");

    private static final JsonFactory FACTORY = new JsonFactory();

    private final String contentType;

    TranscriptFormat(String contentType) {
        this.contentType = contentType;
    }

    /** The format of this name, or empty where there is none. */
    static Optional<TranscriptFormat> ofName(String name) {
        return Arrays.stream(values())
                .filter(format -> format.wireName().equals(name))
                .findFirst();
    }

    /** The names there are, for a reader. */
    static String names() {
        return Arrays.stream(values()).map(TranscriptFormat::wireName).collect(Collectors.joining(", "));
    }

    String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    String contentType() {
        return contentType;
    }

    String write(CallTranscript transcript) {
        return switch (this) {
            case JSON -> json(transcript);
            case TXT -> txt(transcript);
            case SRT -> srt(transcript);
            case VTT -> vtt(transcript);
        };
    }

    private static String json(CallTranscript transcript) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            CallJson.writeFields(transcript.summary(), json);
            json.writeArrayFieldStart("events");
            for (TranscriptEvent line : transcript.lines()) {
                TranscriptJson.write(line, json);
            }
            json.writeEndArray();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return text.toString();
    }

    private static String txt(CallTranscript transcript) {
        CallSummary call = transcript.summary();
        StringBuilder text = new StringBuilder("Call ").append(call.stream().interactionId());
        CallInfo info = call.info();
        if (info != null && info.from() != null) {
            text.append(" from ").append(Cue.oneLine(info.from()));
        }
        if (info != null && info.to() != null) {
            text.append(" to ").append(Cue.oneLine(info.to()));
        }
        text.append(", ")
                .append(Instant.ofEpochMilli(call.startedMillis()).truncatedTo(ChronoUnit.SECONDS))
                .append("\n\n");
        Labels labels = Labels.of(transcript.lines());
        Final open = null;
        boolean isOver = false;
        for (TranscriptEvent event : TouchingGaps.joined(transcript.lines())) {
            if (event instanceof Final line && line.text().isBlank()) {
                // No words: it only tells that the utterance before it is over.
                isOver = isOver || (open != null && line.utteranceEnd() && line.channel() == open.channel());
            } else if (event instanceof Final line) {
                if (open != null && !isOver && goesOn(open, line)) {
                    String words = Cue.oneLine(line.text());
                    text.append(Script.joint(Cue.oneLine(open.text()), words)).append(words);
                } else {
                    text.append(open == null ? "" : "\n")
                            .append('[')
                            .append(clock(line.startMillis()))
                            .append("] ");
                    String label = labels.of(line);
                    text.append(label == null ? "" : label + ": ").append(Cue.oneLine(line.text()));
                }
                open = line;
                isOver = false;
            } else if (event instanceof Gap gap) {
                text.append(open == null ? "" : "\n")
                        .append('[')
                        .append(clock(gap.startMillis()))
                        .append("] (")
                        .append(gap.endMillis() - gap.startMillis())
                        .append(" ms of audio lost: ")
                        .append(Cue.oneLine(gap.reason()))
                        .append(")\n");
                open = null;
            }
        }
        return text.append(open == null ? "" : "\n").toString();
    }

    private static boolean goesOn(Final open, Final next) {
        return !open.utteranceEnd()
                && open.channel() == next.channel()
                && Objects.equals(open.speaker(), next.speaker());
    }

    private static String srt(CallTranscript transcript) {
        StringBuilder text = new StringBuilder();
        int number = 1;
        for (Cue cue : Cue.of(transcript.lines())) {
            text.append(number++).append('\n');
            text.append(time(cue.startMillis(), ','))
                    .append(" --> ")
                    .append(time(cue.endMillis(), ','))
                    .append('\n');
            String label = cue.label();
            // An arrow in a text would read as a cue's times.
            text.append(label == null ? "" : label + ": ")
                    .append(String.join("\n", cue.lines()).replace("-->", "->"))
                    .append("\n\n");
        }
        return text.toString();
    }

    private static String vtt(CallTranscript transcript) {
        StringBuilder text = new StringBuilder("WEBVTT\n\n");
        for (Cue cue : Cue.of(transcript.lines())) {
            text.append(time(cue.startMillis(), '.'))
                    .append(" --> ")
                    .append(time(cue.endMillis(), '.'))
                    .append('\n');
            text.append(voice(cue.label())).append(escape(cue.lines())).append("\n\n");
        }
        return text.toString();
    }

    private static String voice(@Nullable String label) {
        return label == null ? "" : "<v " + label + ">";
    }

    private static String escape(List<String> lines) {
        return String.join("\n", lines)
                .replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;");
    }

    private static String time(long millis, char point) {
        return clock(millis) + point + String.format(Locale.ROOT, "%03d", millis % 1000);
    }

    private static String clock(long millis) {
        long seconds = millis / 1000;
        return String.format(Locale.ROOT, "%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }
}
