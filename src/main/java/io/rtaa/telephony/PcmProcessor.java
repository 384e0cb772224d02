package io.rtaa.telephony;

import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.telephony.pcm.PcmAnomaly;
import io.rtaa.telephony.pcm.PcmDecoder;
import io.rtaa.telephony.pcm.PcmEvent;
import io.rtaa.telephony.pcm.PcmReplies;
import io.rtaa.telephony.pcm.PcmStart;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * The step behind the plain PCM door. The caller chooses its stream's id: one that is live, or was stopped less than
 * {@link LiveLegs#REMEMBERED} ago, is refused; one whose socket was cut off goes on. A caller that breaks the protocol
 * is closed with 1008 and the reason, one that stops with 1000.
 */
public final class PcmProcessor extends CallerProcessor {

    private final LiveLegs liveLegs;
    private final Clock clock;
    private final Map<PcmAnomaly, LongAdder> anomalies = new EnumMap<>(PcmAnomaly.class);

    /**
     * @param liveLegs the live streams of this process
     * @param clock says when streams start
     */
    public PcmProcessor(LiveLegs liveLegs, Clock clock) {
        this.liveLegs = liveLegs;
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
    protected Caller newCaller(CallerConnection connection) {
        return new PcmCaller(connection);
    }

    private final class PcmCaller extends Caller {
        private final PcmDecoder decoder = new PcmDecoder();

        PcmCaller(CallerConnection connection) {
            super(liveLegs, connection);
        }

        @Override
        protected void text(String message, Outcome outcome) {
            take(decoder.text(message), outcome);
        }

        @Override
        protected void binary(byte[] frame, Outcome outcome) {
            take(decoder.binary(frame), outcome);
        }

        private void take(List<PcmEvent> meaning, Outcome outcome) {
            for (PcmEvent event : meaning) {
                if (event instanceof PcmEvent.Audio audio) {
                    addAudio(audio.frame(), outcome);
                } else if (event instanceof PcmEvent.Acknowledged taken) {
                    outcome.answer(SocketReply.text(PcmReplies.ack(taken.frames())));
                } else if (event instanceof PcmStart start) {
                    start(start, outcome);
                } else if (event instanceof PcmEvent.Stopped) {
                    endLeg(EndReason.STOPPED, outcome);
                    outcome.answer(SocketReply.close(SocketReply.NORMAL, "stopped"));
                } else if (event instanceof PcmEvent.Refused refused) {
                    refuse(refused.reason(), outcome);
                } else if (event instanceof PcmAnomaly anomaly) {
                    Objects.requireNonNull(anomalies.get(anomaly)).increment();
                }
            }
        }

        private void start(PcmStart start, Outcome outcome) {
            Map<String, String> ids =
                    Map.of(TENANT_KEY, tenant(start.tenantId()), INTERACTION_KEY, start.interactionId());
            StreamId stream;
            try {
                stream = new StreamId(tenant(start.tenantId()), start.interactionId());
            } catch (IllegalArgumentException e) {
                refuse(String.valueOf(e.getMessage()), ids, outcome);
                return;
            }
            switch (liveLegs.claim(stream)) {
                case LIVE -> refuse("interaction_id is live already; allowed: one that is not in use", ids, outcome);
                case ENDED_LATELY ->
                    refuse(
                            "interaction_id ended less than " + LiveLegs.REMEMBERED.toMinutes()
                                    + " minutes ago, by its caller; allowed: one that was not used, or was cut off",
                            ids,
                            outcome);
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
                            start.coding(),
                            outcome);
                    outcome.answer(SocketReply.text(PcmReplies.started(start.interactionId())));
                }
            }
        }
    }
}
