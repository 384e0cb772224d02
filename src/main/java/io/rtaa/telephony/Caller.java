package io.rtaa.telephony;

import io.rtaa.call.AudioCoding;
import io.rtaa.call.AudioFormat;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CloseCause;
import io.rtaa.call.EndReason;
import io.rtaa.call.Leg;
import io.rtaa.call.LegEvent;
import io.rtaa.call.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One caller's connection: holds its running leg, gathers what a message means and what is to be answered.
 *
 * <p>Thread-safety: one message at a time; {@link #silentSinceLastLook} from any thread.
 */
abstract class Caller {

    /** The tenant of a caller that names none and whose credentials are bound to none. */
    static final String DEFAULT_TENANT = "default";

    private static final Logger LOG = LoggerFactory.getLogger(Caller.class);

    private final LiveLegs liveLegs;
    private final UnaryOperator<byte[]> muLawToPcm;
    private final String connectionKey;
    private final @Nullable Principal principal;

    private volatile @Nullable RunningLeg running;
    private boolean refused;
    private @Nullable LegEvent event;
    private @Nullable List<LegEvent> events;
    private @Nullable SocketReply reply;

    Caller(LiveLegs liveLegs, UnaryOperator<byte[]> muLawToPcm, String connectionKey, @Nullable Principal principal) {
        this.liveLegs = liveLegs;
        this.muLawToPcm = muLawToPcm;
        this.connectionKey = connectionKey;
        this.principal = principal;
    }

    /** The running leg and how far its audio has come. */
    private static final class RunningLeg {
        private final Leg leg;
        private final SampleAssembler samples;
        private volatile long sampleCount;
        private volatile long samplesAtLastLook = -1;

        RunningLeg(Leg leg, SampleAssembler samples) {
            this.leg = leg;
            this.samples = samples;
        }
    }

    /** The connection is gone; called before what is running ends, and not once the caller was refused. */
    void closed() {
        // Most protocols keep nothing back that would have to be said now.
    }

    /** Reads a text message; not called once the caller was refused. */
    abstract void text(String message);

    /** Reads a binary frame; not called once the caller was refused. */
    abstract void binary(byte[] frame);

    final void read(@Nullable Object body) {
        if (refused) {
            return;
        }
        if (body instanceof String text) {
            text(text);
        } else if (body instanceof byte[] frame) {
            binary(frame);
        } else {
            throw new IllegalArgumentException("a socket's message is "
                    + (body == null ? "null" : body.getClass().getName()) + "; allowed: String, byte[]");
        }
    }

    /** The connection is gone: what was running ends. */
    final void disconnected(CloseCause cause) {
        if (!refused) {
            closed();
        }
        endLeg(reason(cause));
    }

    private EndReason reason(CloseCause cause) {
        return switch (cause) {
            case PEER_CLOSED, PEER_DROPPED, PEER_DEAD ->
                liveLegs.isCuttingOff() ? EndReason.DRAINED : EndReason.DISCONNECTED;
            case IDLE -> EndReason.IDLE;
            case PROTOCOL_ERROR, SLOW_READER, ROUTE_CLOSED -> EndReason.REFUSED;
            case ROUTE_FAILED -> EndReason.FAILED;
            case ROUTE_STOPPED -> EndReason.DRAINED;
        };
    }

    /** What the last message meant: a {@link LegEvent}, a list of them where there are several, or null; taken once. */
    final @Nullable Object takeEvents() {
        Object taken = events != null ? events : event;
        event = null;
        events = null;
        return taken;
    }

    /** What the caller is to be told now; null for nothing; taken once. */
    final @Nullable SocketReply takeReply() {
        SocketReply taken = reply;
        reply = null;
        return taken;
    }

    /** Answers the caller, after what the same message was answered with so far. */
    final void answer(SocketReply newReply) {
        reply = reply == null ? newReply : reply.then(newReply);
    }

    /**
     * Ends the connection of a caller that broke a rule, and the running leg with it, whose transcript says why;
     * whatever it still sends is ignored.
     */
    final void refuse(String reason) {
        RunningLeg current = running;
        LoggingEventBuilder line = LOG.atWarn();
        line = current == null
                ? line.addKeyValue("request_id", connectionKey).addKeyValue("tenant_id", tenant(null))
                : withIds(line, current.leg.info());
        line.log("A caller was refused: {}", reason);
        if (current != null) {
            emit(new LegEvent.Noted(current.leg, current.sampleCount, true, reason));
            endLeg(EndReason.REFUSED);
        }
        refused = true;
        answer(SocketReply.close(SocketReply.POLICY_VIOLATION, reason));
    }

    final boolean isRefused() {
        return refused;
    }

    /**
     * The route failed on events of this caller. A leg whose start is among them cannot be recognised: it ends, and the
     * connection with it.
     *
     * @param lost what {@link #takeEvents} gave
     * @return the starts and ends among them, and the end of that leg: a {@link LegEvent}, a list of them, or null
     */
    final @Nullable Object undelivered(Object lost) {
        List<LegEvent> startsAndEnds = new ArrayList<>();
        for (Object each : lost instanceof List<?> several ? several : List.of(lost)) {
            if (each instanceof LegEvent.Started || each instanceof LegEvent.Ended) {
                startsAndEnds.add((LegEvent) each);
            }
        }
        RunningLeg current = running;
        if (current != null
                && startsAndEnds.stream()
                        .anyMatch(each -> each instanceof LegEvent.Started && each.leg() == current.leg)) {
            endLeg(EndReason.FAILED);
            refused = true;
            answer(SocketReply.close(SocketReply.INTERNAL_ERROR, "the service failed"));
            if (takeEvents() instanceof LegEvent end) {
                startsAndEnds.add(end);
            }
        }
        return startsAndEnds.isEmpty() ? null : startsAndEnds;
    }

    final LiveLegs liveLegs() {
        return liveLegs;
    }

    /** The tenant of the caller's credentials, else the one it names, else {@link #DEFAULT_TENANT}. */
    final String tenant(@Nullable String named) {
        if (principal != null && principal.tenantId() != null) {
            return principal.tenantId();
        }
        return named == null || named.isBlank() ? DEFAULT_TENANT : named;
    }

    /** Starts the leg of a stream whose id is claimed. */
    final void startLeg(CallInfo info, AudioCoding coding) {
        Leg leg = new Leg(info);
        running = new RunningLeg(leg, new SampleAssembler(coding, muLawToPcm));
        withIds(LOG.atInfo(), info).log("A stream started: {} at {} Hz", coding.encoding(), coding.sampleRate());
        emit(new LegEvent.Started(leg));
    }

    final boolean isRunning() {
        return running != null;
    }

    /** Has the running leg's transcript say something; does nothing where none is running. */
    final void note(String text) {
        RunningLeg current = running;
        if (current != null) {
            emit(new LegEvent.Noted(current.leg, current.sampleCount, false, text));
        }
    }

    final void addAudio(byte[] payload) {
        RunningLeg current = running;
        if (current == null) {
            return;
        }
        byte[] pcm = current.samples.add(payload);
        if (pcm.length > 0) {
            long before = current.sampleCount;
            emit(new LegEvent.Audio(current.leg, before, pcm));
            current.sampleCount = before + pcm.length / AudioFormat.BYTES_PER_SAMPLE;
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
    final void endLeg(EndReason reason) {
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
        emit(new LegEvent.Ended(ended.leg, ended.sampleCount, reason));
    }

    private LoggingEventBuilder withIds(LoggingEventBuilder line, CallInfo info) {
        LoggingEventBuilder identified = line.addKeyValue("request_id", connectionKey)
                .addKeyValue("interaction_id", info.stream().interactionId())
                .addKeyValue("tenant_id", info.stream().tenantId());
        if (info.streamSid() != null) {
            identified = identified.addKeyValue("stream_id", info.streamSid());
        }
        return info.callSid() == null ? identified : identified.addKeyValue("call_sid", info.callSid());
    }

    private void emit(LegEvent next) {
        if (event == null) {
            event = next;
            return;
        }
        if (events == null) {
            events = new ArrayList<>();
            events.add(event);
        }
        events.add(next);
    }
}
