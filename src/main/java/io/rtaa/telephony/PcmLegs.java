package io.rtaa.telephony;

import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.Principal;
import io.rtaa.call.StreamId;
import io.rtaa.telephony.pcm.PcmAnomaly;
import io.rtaa.telephony.pcm.PcmDecoder;
import io.rtaa.telephony.pcm.PcmListener;
import io.rtaa.telephony.pcm.PcmReplies;
import io.rtaa.telephony.pcm.PcmStart;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The step behind the plain PCM door. The caller chooses its stream's id: one that is live, or was stopped less than
 * {@link LiveLegs#REMEMBERED} ago, is refused; one whose socket was cut off goes on. A caller that breaks the protocol
 * is closed with 1008 and the reason, one that stops with 1000.
 */
public final class PcmLegs extends CallerSockets {

    private final LiveLegs liveLegs;
    private final UnaryOperator<byte[]> muLawToPcm;
    private final Clock clock;
    private final Map<PcmAnomaly, LongAdder> anomalies = new EnumMap<>(PcmAnomaly.class);

    /**
     * @param liveLegs the live streams of this process
     * @param muLawToPcm makes 16-bit little-endian PCM of mu-law, any number of bytes at a time
     * @param clock says when streams start
     */
    public PcmLegs(LiveLegs liveLegs, UnaryOperator<byte[]> muLawToPcm, Clock clock) {
        this.liveLegs = liveLegs;
        this.muLawToPcm = muLawToPcm;
        this.clock = clock;
        for (PcmAnomaly anomaly : PcmAnomaly.values()) {
            anomalies.put(anomaly, new LongAdder());
        }
    }

    /** How often an anomaly was met since the process started. */
    public long count(PcmAnomaly anomaly) {
        LongAdder counter = anomalies.get(anomaly);
        return counter == null ? 0 : counter.sum();
    }

    @Override
    Caller newCaller(String key, @Nullable String query, @Nullable Principal principal) {
        return new PcmCaller(key, principal);
    }

    private final class PcmCaller extends Caller implements PcmListener {
        private final PcmDecoder decoder = new PcmDecoder(this);

        PcmCaller(String key, @Nullable Principal principal) {
            super(liveLegs, muLawToPcm, key, principal);
        }

        @Override
        void text(String message) {
            decoder.text(message);
        }

        @Override
        void binary(byte[] frame) {
            decoder.binary(frame);
        }

        @Override
        public void started(PcmStart start) {
            StreamId stream;
            try {
                stream = new StreamId(tenant(start.tenantId()), start.interactionId());
            } catch (IllegalArgumentException e) {
                refuse(String.valueOf(e.getMessage()));
                return;
            }
            switch (liveLegs.claim(stream)) {
                case LIVE -> refuse("interaction_id is live already; allowed: one that is not in use");
                case ENDED_LATELY ->
                    refuse("interaction_id ended less than " + LiveLegs.REMEMBERED.toMinutes()
                            + " minutes ago, by its caller; allowed: one that was not used, or was cut off");
                case GRANTED -> {
                    startLeg(
                            new CallInfo(
                                    stream,
                                    null,
                                    null,
                                    null,
                                    null,
                                    start.coding().streamSampleRate(),
                                    clock.millis()),
                            start.coding());
                    answer(SocketReply.text(PcmReplies.started(start.interactionId())));
                }
            }
        }

        @Override
        public void audio(byte[] frame) {
            addAudio(frame);
        }

        @Override
        public void acknowledge(long frames) {
            answer(SocketReply.text(PcmReplies.ack(frames)));
        }

        @Override
        public void stopped() {
            endLeg(EndReason.STOPPED);
            answer(SocketReply.close(SocketReply.NORMAL, "stopped"));
        }

        @Override
        public void refused(String reason) {
            refuse(reason);
        }

        @Override
        public void anomaly(PcmAnomaly anomaly) {
            LongAdder counter = anomalies.get(anomaly);
            if (counter != null) {
                counter.increment();
            }
        }
    }
}
