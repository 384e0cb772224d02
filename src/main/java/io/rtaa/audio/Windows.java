package io.rtaa.audio;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallStart;
import io.rtaa.call.Leg;
import io.rtaa.call.LegEvent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Forms the windows of a leg: as the strategy of an aggregator it collects the leg's frames and numbers its messages.
 * {@link LegEvent}s go in, {@link AudioMessage}s come out. A group completes once it holds enough audio; a start, a note or an
 * end completes at once, and the last two need {@link FlushWindow} before them. Whatever else completes a group, such as the
 * timeout, yields the window as far as it has come.
 *
 * <p>As a predicate it holds for a frame that can go into a window as it is: nearly all. {@link #parts} makes such frames of
 * others.
 *
 * <p>Numbers are taken here, under the aggregator's lock, because the exchanges that leave the aggregator may overtake each
 * other: {@link MessageOrder} puts them right.
 *
 * <p>Thread-safety: {@code aggregate} runs under the aggregator's lock; the rest has no state but the lengths.
 */
public final class Windows implements AggregationStrategy, Predicate {

    /**
     * The exchange property with the milliseconds, a {@link Long}, after which a window closes although it is not full. The
     * aggregator starts a group's timeout anew with each frame that names one, so the window's first frame alone does.
     */
    public static final String TIMEOUT = "RtaaWindowTimeout";

    private final WindowLengths lengths;
    private Map<String, WindowLengths> lengthsOfTenants = Map.of();

    /**
     * @param minMillis see {@link WindowLengths}
     * @param maxMillis see {@link WindowLengths}
     */
    public Windows(int minMillis, int maxMillis) {
        this.lengths = new WindowLengths(minMillis, maxMillis);
    }

    /**
     * Sets other lengths for the legs of some tenants; before the first leg.
     *
     * @param tenants a line for each tenant, such as {@code acme: 300-500}: the shortest and the longest window in
     *     milliseconds
     * @throws IllegalArgumentException that names the line and what is allowed
     */
    public void setTenants(String tenants) {
        Map<String, WindowLengths> parsed = new HashMap<>();
        tenants.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int colon = line.lastIndexOf(':');
            parsed.put(line.substring(0, Math.max(0, colon)).strip(), WindowLengths.ofTenant(line));
        });
        lengthsOfTenants = Map.copyOf(parsed);
    }

    private WindowLengths lengths(Leg leg) {
        // Asked for each frame: most services have no tenant with lengths of its own.
        return lengthsOfTenants.isEmpty()
                ? lengths
                : lengthsOfTenants.getOrDefault(leg.stream().tenantId(), lengths);
    }

    @Override
    public boolean matches(Exchange exchange) {
        return exchange.getMessage().getBody() instanceof LegEvent.Audio audio
                && audio.pcm().length
                        <= lengths(audio.leg()).longestFrameBytes(audio.leg().sampleRate());
    }

    /**
     * The events in a body, in order, with each frame that is too long for a window cut into several.
     *
     * @param body a {@link LegEvent} or a list of them
     */
    public List<LegEvent> parts(Object body) {
        List<LegEvent> parts = new ArrayList<>();
        for (Object event : body instanceof List<?> events ? events : List.of(body)) {
            if (event instanceof LegEvent.Audio audio) {
                cut(audio, parts);
            } else if (event instanceof LegEvent other) {
                parts.add(other);
            } else {
                throw noLegEvent(event);
            }
        }
        return parts;
    }

    private void cut(LegEvent.Audio audio, List<LegEvent> parts) {
        byte[] pcm = audio.pcm();
        int longest = lengths(audio.leg()).longestFrameBytes(audio.leg().sampleRate());
        if (pcm.length <= longest) {
            parts.add(audio);
            return;
        }
        for (int from = 0; from < pcm.length; from += longest) {
            parts.add(new LegEvent.Audio(
                    audio.leg(),
                    audio.firstSample() + from / AudioFormat.BYTES_PER_SAMPLE,
                    Arrays.copyOfRange(pcm, from, Math.min(from + longest, pcm.length))));
        }
    }

    @Override
    public Exchange aggregate(@Nullable Exchange pending, Exchange incoming) {
        Object body = incoming.getMessage().getBody();
        if (body instanceof LegEvent.Audio audio) {
            return addAudio(pending, incoming, audio);
        }
        if (body instanceof LegEvent.Silent silent) {
            return pending == null ? signOfLife(incoming, silent) : pending;
        }
        if (isRepeated(body)) {
            return pending == null ? nothing(incoming) : pending;
        }
        if (pending != null) {
            throw new IllegalStateException("a window is pending before " + body + "; it has to be flushed first");
        }
        if (body instanceof LegEvent.Started started) {
            return message(incoming, start(started.leg()));
        }
        if (body instanceof LegEvent.Noted noted) {
            return message(incoming, note(noted));
        }
        if (body instanceof LegEvent.Ended ended) {
            Leg leg = ended.leg();
            leg.end();
            return message(
                    incoming,
                    new CallEnd(
                            leg.stream(),
                            leg.takeNumber(),
                            ended.totalSamples(),
                            ended.reason(),
                            leg.info().leg()));
        }
        throw noLegEvent(body);
    }

    private static IllegalArgumentException noLegEvent(@Nullable Object body) {
        return new IllegalArgumentException("the body is " + body + "; allowed: a LegEvent");
    }

    private Exchange addAudio(@Nullable Exchange pending, Exchange incoming, LegEvent.Audio audio) {
        WindowLengths lengths = lengths(audio.leg());
        int closingBytes = lengths.closingBytes(audio.leg().sampleRate());
        Exchange group;
        OpenWindow window;
        if (pending == null) {
            group = incoming;
            window = new OpenWindow(audio, audio.leg().takeNumber());
            group.getMessage().setBody(window);
            group.setProperty(TIMEOUT, (long) lengths.maxMillis());
        } else {
            group = pending;
            window = (OpenWindow) group.getMessage().getBody();
            window.add(audio, closingBytes);
        }
        audio.leg().collected(audio.firstSample() + audio.pcm().length / AudioFormat.BYTES_PER_SAMPLE);
        if (window.length() >= closingBytes) {
            complete(group);
        }
        return group;
    }

    /** Says that a silent leg is still there: a window without audio. One that was overtaken by the leg's end goes nowhere. */
    private static Exchange signOfLife(Exchange incoming, LegEvent.Silent silent) {
        Leg leg = silent.leg();
        // A step of the socket's route may hold the start back for longer than the first looks take.
        if (leg.isOver() || !leg.isBegun()) {
            return nothing(incoming);
        }
        return message(
                incoming,
                new AudioWindow(
                        leg.stream(),
                        leg.takeNumber(),
                        leg.collectedSamples(),
                        leg.sampleRate(),
                        new byte[0],
                        leg.info().leg()));
    }

    /** A start or an end comes twice where the route of its socket failed after it was here: it is delivered again. */
    private static boolean isRepeated(Object body) {
        return (body instanceof LegEvent.Started started && started.leg().isBegun())
                || (body instanceof LegEvent.Ended ended && ended.leg().isOver());
    }

    /** MessageOrder stops it. Were its route stopped here, the aggregator would wait for its completion for ever. */
    private static Exchange nothing(Exchange incoming) {
        incoming.getMessage().setBody(null);
        complete(incoming);
        return incoming;
    }

    private static CallStart start(Leg leg) {
        long number = leg.takeNumber();
        CallStart start = new CallStart(leg.info());
        if (number != start.number()) {
            throw new IllegalStateException(leg + " starts with message " + number);
        }
        return start;
    }

    private static CallNote note(LegEvent.Noted noted) {
        Leg leg = noted.leg();
        return new CallNote(
                leg.stream(),
                leg.takeNumber(),
                noted.totalSamples(),
                leg.sampleRate(),
                noted.failed(),
                noted.text(),
                leg.info().leg());
    }

    private static Exchange message(Exchange incoming, AudioMessage message) {
        incoming.getMessage().setBody(message);
        complete(incoming);
        return incoming;
    }

    private static void complete(Exchange group) {
        group.setProperty(ExchangePropertyKey.AGGREGATION_COMPLETE_CURRENT_GROUP, Boolean.TRUE);
    }

    /** Runs once for each group that completes, whatever completed it, before it leaves. */
    @Override
    public void onCompletion(Exchange group, @Nullable Exchange inputExchange) {
        onCompletion(group);
    }

    @Override
    public void onCompletion(Exchange group) {
        if (group.getMessage().getBody() instanceof OpenWindow window) {
            group.getMessage().setBody(window.close());
        }
    }
}
