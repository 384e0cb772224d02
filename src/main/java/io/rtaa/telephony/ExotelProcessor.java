package io.rtaa.telephony;

import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.telephony.exotel.ExotelAnomaly;
import io.rtaa.telephony.exotel.ExotelDecoder;
import io.rtaa.telephony.exotel.ExotelEvent;
import io.rtaa.telephony.exotel.ExotelStart;
import java.time.Clock;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step behind Exotel's door. A leg is one {@code stream_sid} on one socket; a second socket that claims a stream which
 * is live or was lately stopped becomes a leg of its own, {@code <stream_sid>~2}; one whose socket was cut off goes on.
 * Nothing is ever said to the caller; only what cannot be taken closes its connection, with 1008 and the reason.
 *
 * <p>Anomalies of the protocol are counted by kind, and logged once a connection and kind, at most once a second
 * altogether. One that loses audio is noted in the stream's transcript too, once a stream and kind.
 */
public final class ExotelProcessor extends CallerProcessor {

    private static final Logger LOG = LoggerFactory.getLogger(ExotelProcessor.class);

    /** The least time between two log lines about anomalies: a noisy exchange must not fill the disk. */
    private static final long LOG_INTERVAL_MILLIS = 1000;

    private final LiveLegs liveLegs;
    private final Clock clock;
    private final Map<ExotelAnomaly, LongAdder> anomalies = new EnumMap<>(ExotelAnomaly.class);
    private final AtomicLong nextLogAtMillis = new AtomicLong();

    /**
     * @param liveLegs the live streams of this process
     * @param clock says when streams start
     */
    public ExotelProcessor(LiveLegs liveLegs, Clock clock) {
        this.liveLegs = liveLegs;
        this.clock = clock;
        for (ExotelAnomaly anomaly : ExotelAnomaly.values()) {
            anomalies.put(anomaly, new LongAdder());
        }
    }

    /** How often an anomaly was met since the process started. */
    public long count(ExotelAnomaly anomaly) {
        LongAdder counter = anomalies.get(anomaly);
        return counter == null ? 0 : counter.sum();
    }

    @Override
    protected Caller newCaller(CallerConnection connection) {
        return new ExotelCaller(connection);
    }

    /** Exotel uses a connection for one stream; somebody who starts many only wants to see what it costs. */
    private static final int MAX_STREAMS = 16;

    private final class ExotelCaller extends Caller {
        private final ExotelDecoder decoder;
        private final Set<ExotelAnomaly> logged = EnumSet.noneOf(ExotelAnomaly.class);
        private final Set<ExotelAnomaly> noted = EnumSet.noneOf(ExotelAnomaly.class);
        private @Nullable String streamSid;
        private int streams;

        ExotelCaller(CallerConnection connection) {
            super(liveLegs, connection);
            this.decoder = new ExotelDecoder(connection.query(), clock);
        }

        @Override
        protected void text(String message, Outcome outcome) {
            take(decoder.text(message), outcome);
        }

        @Override
        protected void binary(byte[] frame, Outcome outcome) {
            take(decoder.binary(frame), outcome);
        }

        @Override
        protected void closed(Outcome outcome) {
            take(decoder.closed(), outcome);
        }

        private void take(List<ExotelEvent> meaning, Outcome outcome) {
            for (ExotelEvent event : meaning) {
                if (isRefused()) {
                    return;
                }
                if (event instanceof ExotelEvent.Audio audio) {
                    addAudio(audio.payload(), outcome);
                } else if (event instanceof ExotelAnomaly anomaly) {
                    note(anomaly, outcome);
                } else if (event instanceof ExotelStart start) {
                    start(start, outcome);
                } else if (event instanceof ExotelEvent.Ended ended) {
                    endLeg(ended.reason(), outcome);
                } else if (event instanceof ExotelEvent.Refused refused) {
                    refuse(refused.reason(), outcome);
                }
            }
        }

        private void start(ExotelStart start, Outcome outcome) {
            Map<String, String> ids = ids(start);
            String callFault = callFault(start.callSid());
            if (callFault != null) {
                refuse(callFault, ids, outcome);
                return;
            }
            if (++streams > MAX_STREAMS) {
                refuse(
                        "more than " + MAX_STREAMS
                                + " streams on one connection; allowed: one, or a few after each other",
                        ids,
                        outcome);
                return;
            }
            streamSid = start.streamSid();
            noted.clear();
            StreamId stream;
            try {
                stream = liveLegs.claimNearest(new StreamId(tenant(start.accountSid()), start.streamSid()));
            } catch (IllegalArgumentException e) {
                refuse(String.valueOf(e.getMessage()), ids, outcome);
                return;
            }
            startLeg(
                    new CallInfo(
                            stream,
                            start.callSid(),
                            start.streamSid(),
                            start.from(),
                            start.to(),
                            start.coding().streamSampleRate(),
                            clock.millis()),
                    start.coding(),
                    outcome);
        }

        /** What names a stream in the log before it runs. */
        private Map<String, String> ids(ExotelStart start) {
            Map<String, String> ids = new LinkedHashMap<>();
            ids.put(TENANT_KEY, tenant(start.accountSid()));
            ids.put(STREAM_KEY, start.streamSid());
            if (start.callSid() != null) {
                ids.put(CALL_KEY, start.callSid());
            }
            return ids;
        }

        private void note(ExotelAnomaly anomaly, Outcome outcome) {
            LongAdder counter = anomalies.get(anomaly);
            if (counter != null) {
                counter.increment();
            }
            if (!logged.contains(anomaly) && mayLog()) {
                logged.add(anomaly);
                LOG.atWarn()
                        .addKeyValue("stream_id", streamSid == null ? "" : streamSid)
                        .log("An Exotel connection breaks the protocol: {}", anomaly);
            }
            String lostAudio = anomaly.lostAudio();
            if (lostAudio != null && isRunning() && noted.add(anomaly)) {
                note(lostAudio, outcome);
            }
        }
    }

    private boolean mayLog() {
        long now = clock.millis();
        long next = nextLogAtMillis.get();
        return now >= next && nextLogAtMillis.compareAndSet(next, now + LOG_INTERVAL_MILLIS);
    }
}
