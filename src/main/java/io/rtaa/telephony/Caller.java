package io.rtaa.telephony;

import io.rtaa.call.AudioCoding;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CloseCause;
import io.rtaa.call.EndReason;
import io.rtaa.call.Leg;
import io.rtaa.call.LegEvent;
import io.rtaa.call.Principal;
import io.rtaa.call.SocketPace;
import io.rtaa.tracing.CallSpan;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One caller's connection: holds its running leg, and makes events of a leg from what a message means. A caller protocol
 * has a subclass, which reads its messages with a decoder.
 *
 * <p>Thread-safety: one message at a time; {@link #silentSinceLastLook}, {@link #liveCall} and {@link #endByOperator} from any
 * thread.
 */
public abstract class Caller {

    /** The tenant of a caller that names none and whose credentials are bound to none. */
    static final String DEFAULT_TENANT = "default";

    /** What a caller is told whose token is for another telephone call; it fits into a close frame. */
    private static final String OTHER_CALL =
            "the token of this connection is for another call; allowed: the CallSid that its URL was asked for";

    private static final String REQUEST_KEY = "request_id";

    /** The keys of ids in the log. */
    static final String TENANT_KEY = "tenant_id";

    static final String INTERACTION_KEY = "interaction_id";
    static final String STREAM_KEY = "stream_id";
    static final String CALL_KEY = "call_sid";

    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(Caller.class);

    private final LiveLegs liveLegs;
    private final String requestId;
    private final @Nullable Principal principal;
    private final SocketPace pace;

    private volatile @Nullable RunningLeg running;
    /** Null once a call has it, and where the route came by no websocket. */
    private @Nullable Opened opened;

    private volatile boolean endedByOperator;
    private boolean refused;
    /** Closes the connection with the caller's next message; null for nothing. */
    private @Nullable SocketReply parting;

    /** @param liveLegs the live streams of this process */
    protected Caller(LiveLegs liveLegs, CallerConnection connection) {
        this.liveLegs = liveLegs;
        this.requestId = connection.requestId();
        this.principal = connection.principal();
        this.pace = connection.pace();
        Instant began = connection.handshakeBegan();
        this.opened = began == null ? null : new Opened(began, Instant.now());
    }

    /** When the handshake of the connection began and ended. */
    private record Opened(Instant began, Instant ended) {}

    /** The running leg and how far its audio has come. */
    private static final class RunningLeg {
        private final Leg leg;
        private final SampleAssembler samples;
        private final CallSpan span;
        private volatile long sampleCount;
        private volatile long samplesAtLastLook = -1;

        RunningLeg(Leg leg, SampleAssembler samples, CallSpan span) {
            this.leg = leg;
            this.samples = samples;
            this.span = span;
        }
    }

    /** Reads a text message; not called once the caller was refused. */
    protected abstract void text(String message, Outcome outcome);

    /** Reads a binary frame; not called once the caller was refused. */
    protected abstract void binary(byte[] frame, Outcome outcome);

    /** The connection is gone; called before what is running ends, and not once the caller was refused. */
    protected void closed(Outcome outcome) {
        // Most protocols keep nothing back that would have to be said now.
    }

    final Outcome read(@Nullable Object body) {
        Outcome outcome = new Outcome();
        if (refused) {
            if (parting != null) {
                outcome.answer(parting);
                parting = null;
            }
            return outcome;
        }
        if (body instanceof String text) {
            text(text, outcome);
        } else if (body instanceof byte[] frame) {
            binary(frame, outcome);
        } else {
            throw new IllegalArgumentException("a socket's message is "
                    + (body == null ? "null" : body.getClass().getName()) + "; allowed: String, byte[]");
        }
        return outcome;
    }

    /** The connection is gone: what was running ends. */
    final Outcome disconnected(CloseCause cause) {
        Outcome outcome = new Outcome();
        if (!refused) {
            closed(outcome);
        }
        endLeg(reason(cause), outcome);
        return outcome;
    }

    /**
     * The live call of this connection; null where none is running. From any thread.
     *
     * @param key the connection's key
     */
    final @Nullable LiveCall liveCall(String key) {
        RunningLeg current = running;
        return current == null
                ? null
                : new LiveCall(
                        key, current.leg.info(), AudioFormat.millis(current.sampleCount, current.leg.sampleRate()));
    }

    /** The close of the connection that comes next is an operator's. From any thread. */
    final void endByOperator() {
        endedByOperator = true;
    }

    private EndReason reason(CloseCause cause) {
        if (endedByOperator) {
            return EndReason.ENDED_BY_OPERATOR;
        }
        return switch (cause) {
            case PEER_CLOSED, PEER_DROPPED, PEER_DEAD ->
                liveLegs.isCuttingOff() ? EndReason.DRAINED : EndReason.DISCONNECTED;
            case IDLE -> EndReason.IDLE;
            case PROTOCOL_ERROR, SLOW_READER, EXPIRED, ROUTE_CLOSED -> EndReason.REFUSED;
            case ROUTE_FAILED -> EndReason.FAILED;
            case ROUTE_STOPPED -> EndReason.DRAINED;
        };
    }

    /**
     * Ends the connection of a caller that broke a rule, and the running leg with it, whose transcript says why;
     * whatever it still sends is ignored.
     */
    protected final void refuse(String reason, Outcome outcome) {
        refuse(reason, Map.of(), outcome);
    }

    /**
     * As {@link #refuse(String, Outcome)}, with a stream that does not run.
     *
     * @param ids the ids that the stream named, by their keys in the log
     */
    protected final void refuse(String reason, Map<String, String> ids, Outcome outcome) {
        RunningLeg current = running;
        LoggingEventBuilder line =
                current == null ? withIds(LOG.atWarn(), ids) : withIds(LOG.atWarn(), current.leg.info());
        line.log("A caller was refused: {}", reason);
        if (current != null) {
            outcome.add(new LegEvent.Noted(current.leg, current.sampleCount, true, reason));
            endLeg(EndReason.REFUSED, outcome);
        }
        refused = true;
        outcome.answer(SocketReply.close(SocketReply.POLICY_VIOLATION, reason));
    }

    protected final boolean isRefused() {
        return refused;
    }

    /**
     * The route failed on events of this caller. A leg whose start is among them cannot be recognised: it ends, and
     * what the caller sends from now on is ignored.
     *
     * @param lost what {@link Outcome#events} gave
     * @return the starts and ends among them, and the end of that leg: a {@link LegEvent}, a list of them, or null
     */
    final @Nullable Object undelivered(Object lost) {
        Outcome outcome = new Outcome();
        RunningLeg current = running;
        boolean startIsLost = false;
        for (Object each : lost instanceof List<?> several ? several : List.of(lost)) {
            if (each instanceof LegEvent.Started || each instanceof LegEvent.Ended) {
                LegEvent event = (LegEvent) each;
                outcome.add(event);
                startIsLost |= event instanceof LegEvent.Started && current != null && event.leg() == current.leg;
            }
        }
        if (startIsLost) {
            endLeg(EndReason.FAILED, outcome);
            refused = true;
            parting = SocketReply.close(SocketReply.INTERNAL_ERROR, "the service failed");
        }
        return outcome.events();
    }

    /** The tenant of the caller's credentials, else the one it names, else {@link #DEFAULT_TENANT}. */
    protected final String tenant(@Nullable String named) {
        if (principal != null && principal.tenantId() != null) {
            return principal.tenantId();
        }
        return named == null || named.isBlank() ? DEFAULT_TENANT : named;
    }

    /**
     * Why a stream of a telephone call may not come in over this connection; null where it may.
     *
     * @param callSid the call that the stream names; null where it names none
     */
    protected final @Nullable String callFault(@Nullable String callSid) {
        String bound = principal == null ? null : principal.callSid();
        return bound == null || bound.equals(callSid) ? null : OTHER_CALL;
    }

    /** Starts the leg of a stream whose id is claimed. */
    protected final void startLeg(CallInfo described, AudioCoding coding, Outcome outcome) {
        pace.streamStarted();
        CallInfo identified = described.withRequestId(requestId);
        CallSpan span = beginTrace(identified);
        CallInfo info = identified.withTraceparent(span.traceparent());
        Leg leg = new Leg(info);
        running = new RunningLeg(leg, new SampleAssembler(coding), span);
        withIds(LOG.atInfo(), info).log("A stream started: {} at {} Hz", coding.encoding(), coding.sampleRate());
        outcome.add(new LegEvent.Started(leg));
    }

    /** The handshake belongs to the first call of its connection. */
    private CallSpan beginTrace(CallInfo info) {
        Opened handshake = opened;
        opened = null;
        if (handshake == null) {
            return liveLegs.tracing().begin("call", info, null);
        }
        CallSpan span = liveLegs.tracing().begin("call", info, handshake.began());
        span.child("handshake", handshake.began(), handshake.ended());
        return span;
    }

    protected final boolean isRunning() {
        return running != null;
    }

    /** Has the running leg's transcript say something; does nothing where none is running. */
    protected final void note(String text, Outcome outcome) {
        RunningLeg current = running;
        if (current != null) {
            outcome.add(new LegEvent.Noted(current.leg, current.sampleCount, false, text));
        }
    }

    /**
     * Adds audio of the running leg, in its coding; does nothing where none is running. Refuses a caller whose audio is
     * too far ahead of the time.
     */
    protected final void addAudio(byte[] payload, Outcome outcome) {
        RunningLeg current = running;
        if (current == null) {
            return;
        }
        byte[] pcm = current.samples.add(payload);
        if (pcm.length > 0) {
            long before = current.sampleCount;
            outcome.add(new LegEvent.Audio(current.leg, before, pcm));
            int samples = pcm.length / AudioFormat.BYTES_PER_SAMPLE;
            current.sampleCount = before + samples;
            String tooFast = pace.audio(samples * NANOS_PER_SECOND / current.leg.sampleRate());
            if (tooFast != null) {
                refuse(tooFast, outcome);
            }
        }
    }

    /**
     * What is to be said of a leg that is connected and sent no audio since the last look; null where it did, or none is
     * running. From any thread, one at a time.
     */
    final LegEvent.@Nullable Silent silentSinceLastLook() {
        RunningLeg current = running;
        if (current == null) {
            return null;
        }
        long samples = current.sampleCount;
        boolean silent = samples == current.samplesAtLastLook;
        current.samplesAtLastLook = samples;
        return silent ? new LegEvent.Silent(current.leg) : null;
    }

    /** Ends the running leg; does nothing where none is running. */
    protected final void endLeg(EndReason reason, Outcome outcome) {
        RunningLeg ended = running;
        if (ended == null) {
            return;
        }
        running = null;
        liveLegs.end(ended.leg.stream(), reason);
        withIds(reason == EndReason.FAILED ? LOG.atError() : LOG.atInfo(), ended.leg.info())
                .log(
                        "A stream ended after {} ms: {}",
                        AudioFormat.millis(ended.sampleCount, ended.leg.sampleRate()),
                        reason.wireName());
        ended.span
                .tag("reason", reason.wireName())
                .tag("audio_ms", AudioFormat.millis(ended.sampleCount, ended.leg.sampleRate()))
                .end();
        outcome.add(new LegEvent.Ended(ended.leg, ended.sampleCount, reason));
    }

    private LoggingEventBuilder withIds(LoggingEventBuilder line, Map<String, String> ids) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(TENANT_KEY, tenant(null));
        String bound = principal == null ? null : principal.callSid();
        if (bound != null) {
            all.put(CALL_KEY, bound);
        }
        all.putAll(ids);
        LoggingEventBuilder identified = line.addKeyValue(REQUEST_KEY, requestId);
        for (Map.Entry<String, String> id : all.entrySet()) {
            identified = identified.addKeyValue(id.getKey(), id.getValue());
        }
        return identified;
    }

    private LoggingEventBuilder withIds(LoggingEventBuilder line, CallInfo info) {
        LoggingEventBuilder identified = line.addKeyValue(REQUEST_KEY, requestId)
                .addKeyValue(INTERACTION_KEY, info.stream().interactionId())
                .addKeyValue(TENANT_KEY, info.stream().tenantId());
        if (info.streamSid() != null) {
            identified = identified.addKeyValue(STREAM_KEY, info.streamSid());
        }
        return info.callSid() == null ? identified : identified.addKeyValue(CALL_KEY, info.callSid());
    }
}
