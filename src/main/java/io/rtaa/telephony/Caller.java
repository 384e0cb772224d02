package io.rtaa.telephony;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.Leg;
import io.rtaa.call.LegEvent;
import io.rtaa.call.Principal;
import io.rtaa.call.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
    private final @Nullable Principal principal;

    private volatile @Nullable RunningLeg running;
    private boolean refused;
    private @Nullable LegEvent event;
    private @Nullable List<LegEvent> events;
    private @Nullable SocketReply reply;

    Caller(LiveLegs liveLegs, UnaryOperator<byte[]> muLawToPcm, @Nullable Principal principal) {
        this.liveLegs = liveLegs;
        this.muLawToPcm = muLawToPcm;
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
    final void disconnected() {
        endLeg(liveLegs.isCuttingOff() ? EndReason.DRAINED : EndReason.DISCONNECTED);
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

    final void answer(SocketReply newReply) {
        reply = newReply;
    }

    /** Ends the connection of a caller that broke a rule; whatever it still sends is ignored. */
    final void refuse(String reason) {
        LOG.atWarn().addKeyValue("tenant_id", tenant(null)).log("A caller was refused: {}", reason);
        refused = true;
        reply = SocketReply.close(SocketReply.POLICY_VIOLATION, reason);
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
    final void startLeg(CallInfo info, boolean muLaw) {
        Leg leg = new Leg(info);
        running = new RunningLeg(leg, new SampleAssembler(muLaw ? muLawToPcm : null));
        LOG.atInfo()
                .addKeyValue("interaction_id", info.stream().interactionId())
                .addKeyValue("stream_id", info.streamSid() == null ? "" : info.streamSid())
                .addKeyValue("tenant_id", info.stream().tenantId())
                .log("A stream started at {} Hz", info.sampleRate());
        emit(new LegEvent.Started(leg));
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
        return silent ? new LegEvent.Silent(current.leg, samples) : null;
    }

    /** Ends the running leg; does nothing where none is running. */
    final void endLeg(EndReason reason) {
        RunningLeg ended = running;
        if (ended == null) {
            return;
        }
        running = null;
        StreamId stream = ended.leg.stream();
        liveLegs.end(stream);
        LOG.atInfo()
                .addKeyValue("interaction_id", stream.interactionId())
                .addKeyValue("tenant_id", stream.tenantId())
                .log(
                        "A stream ended after {} ms: {}",
                        AudioFormat.millis(ended.sampleCount, ended.leg.sampleRate()),
                        reason.wireName());
        emit(new LegEvent.Ended(ended.leg, ended.sampleCount, reason));
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
