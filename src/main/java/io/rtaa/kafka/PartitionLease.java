package io.rtaa.kafka;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioOrigin;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallRelease;
import io.rtaa.call.CallResume;
import io.rtaa.call.CallStart;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallEnded;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The right to read a partition of audio, from the moment it was taken over until it goes: what came before, which streams
 * live, which records are settled.
 *
 * <p>Thread-safety: the polling thread hands messages over; {@link #over}, receipts and counts may come from any thread.
 */
final class PartitionLease implements AudioOrigin {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionLease.class);

    /** Streams that are over and remembered, so that a straggler of theirs does not look like a new stream. */
    private static final int MAX_OVER = 1000;

    /** A partition that is behind is not read further while a stream of it has so much audio that is not final, milliseconds. */
    static final long HOLD_ABOVE_MILLIS = 15_000;

    /** It is read on once no stream has more than this. Far below what sessions keep, for a poll brings some more at once. */
    static final long GO_ON_BELOW_MILLIS = 10_000;

    /** A stream of which nothing has become final for so long, as it waits for a recogniser, does not hold up the others. */
    static final long STANDSTILL_NANOS = 15_000_000_000L;

    /** A live stream says so every five seconds. */
    static final long SPEAK_WITHIN_NANOS = 12_000_000_000L;

    /** A stream that has a session here. */
    private static final class LiveStream {
        private final AtomicLong openSamples = new AtomicLong();
        private volatile long lastProgressNanos;
        private long number;
        private long endSample;
        private int sampleRate;
        private long leg;
        private boolean ended;

        LiveStream(long nowNanos) {
            lastProgressNanos = nowNanos;
        }

        void settled(long samples, long nowNanos) {
            openSamples.addAndGet(-samples);
            lastProgressNanos = nowNanos;
        }

        boolean isAbove(long millis, long nowNanos) {
            return sampleRate > 0
                    && AudioFormat.millis(openSamples.get(), sampleRate) > millis
                    && nowNanos - lastProgressNanos < STANDSTILL_NANOS;
        }

        void resumed(CallResume resume) {
            endSample = resume.acknowledgedSamples();
            sampleRate = resume.info().sampleRate();
            leg = resume.leg();
        }

        void seen(AudioMessage message) {
            leg = Math.max(leg, message.leg());
            number = Math.max(number, message.number());
            if (message instanceof AudioWindow window) {
                endSample = Math.max(endSample, window.endSample());
                openSamples.addAndGet(window.samples());
                sampleRate = window.sampleRate();
            } else if (message instanceof CallStart start) {
                sampleRate = start.info().sampleRate();
            } else if (message instanceof CallEnd) {
                ended = true;
            }
        }
    }

    /** A stream whose end is published. */
    private static final class OverStream {
        private final CallEnded end;
        private final boolean endedByAnotherOwner;
        private boolean lossTold;

        OverStream(CallEnded end, boolean endedByAnotherOwner) {
            this.end = end;
            this.endedByAnotherOwner = endedByAnotherOwner;
        }

        /** Whether this is of a later leg, of the same call or another one of the id. */
        boolean isFollowedBy(AudioMessage message) {
            return end.leg() == 0
                    ? message instanceof CallStart start && start.info().startedAtMillis() > end.timestampMillis()
                    : message.isOfLaterLegThan(end.leg());
        }

        /** The message; a start says whether it goes on with the call that is over. */
        AudioMessage goesOn(AudioMessage message) {
            return message instanceof CallStart start
                    ? new CallStart(start.info().after(end))
                    : message;
        }

        /** Whether this is audio that no transcript has: it came after the end. */
        boolean misses(AudioMessage message) {
            return message instanceof AudioWindow window
                    && window.samples() > 0
                    && AudioFormat.millis(window.endSample(), window.sampleRate()) > end.durationMillis();
        }
    }

    private final int partition;
    private final long epoch;
    private final Map<StreamId, StreamPast> past;
    private final BusTime time;
    private final OffsetLedger ledger = new OffsetLedger();
    private final Map<StreamId, LiveStream> live = new ConcurrentHashMap<>();
    private final Map<StreamId, OverStream> over = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<StreamId, OverStream> eldest) {
            return size() > MAX_OVER;
        }
    });

    private long upToDateSinceNanos;
    private boolean silentResumed;

    /**
     * @param partition the partition's number
     * @param epoch the offset of the claim that it was taken over with
     * @param past what was published of the partition's streams before
     */
    PartitionLease(int partition, long epoch, Map<StreamId, StreamPast> past, BusTime time) {
        this.partition = partition;
        this.epoch = epoch;
        this.past = past;
        this.time = time;
        upToDateSinceNanos = time.nanos();
    }

    int partition() {
        return partition;
    }

    long epoch() {
        return epoch;
    }

    /** Records below it are settled; {@link BusHeaders#NONE} while none was handed over. */
    long watermark() {
        return ledger.watermark();
    }

    int unsettled() {
        return ledger.unsettled();
    }

    /** When the oldest record was published that is not settled, epoch milliseconds; null where all are settled. */
    @Nullable
    Long oldestMillis() {
        return ledger.oldestMillis();
    }

    /**
     * Hands a record's message over, after what the stream's session has to know of its past; audio of a stream that is over
     * is settled unheard, until the stream's id is used again.
     *
     * @param publishedMillis when the record was published, epoch milliseconds
     * @return whether the stream is taken over from another process with this
     */
    boolean deliver(long offset, long publishedMillis, AudioMessage message, AudioTarget target) {
        OffsetLedger.Entry entry = ledger.handOut(offset, publishedMillis);
        StreamId stream = message.stream();
        LiveStream known = live.get(stream);
        StreamPast before = known == null ? past.remove(stream) : null;
        if (before != null && before.end() != null) {
            over.put(stream, new OverStream(before.end(), true));
            before = null;
        }
        OverStream ended = over.get(stream);
        if (ended != null && !ended.isFollowedBy(message)) {
            tellLoss(ended, message);
            ledger.settle(entry);
            return false;
        }
        if (known != null && message.isOfEarlierLegThan(known.leg)) {
            ledger.settle(entry);
            return false;
        }
        over.remove(stream);
        if (ended != null && ended.endedByAnotherOwner) {
            // What this process knows of an earlier time is out of date.
            target.take(new CallRelease(stream), null);
        }
        if (known == null || message.isOfLaterLegThan(known.leg)) {
            known = new LiveStream(time.nanos());
            live.put(stream, known);
        }
        known.seen(message);
        if (before != null) {
            target.take(before.resume(message, time.epochMillis()), new Receipt(null, known, 0));
        }
        int samples = message instanceof AudioWindow window ? window.samples() : 0;
        target.take(ended == null ? message : ended.goesOn(message), new Receipt(entry, known, samples));
        return before != null;
    }

    /** What the partition's streams said lately may still lie in the log. */
    void notUpToDate() {
        upToDateSinceNanos = time.nanos();
    }

    /**
     * Takes over the streams of which nothing has come while the partition was read as it was written: they have nothing in
     * the log, and may have nobody left who would end them. Done once.
     *
     * @return how many
     */
    int resumeSilent(AudioTarget target) {
        if (silentResumed || time.nanos() - upToDateSinceNanos < SPEAK_WITHIN_NANOS) {
            return 0;
        }
        silentResumed = true;
        List<StreamId> silent = past.entrySet().stream()
                .filter(before -> before.getValue().end() == null)
                .map(Map.Entry::getKey)
                .toList();
        for (StreamId stream : silent) {
            CallResume resume = past.remove(stream).resume(stream, time.epochMillis());
            LiveStream known = new LiveStream(time.nanos());
            known.resumed(resume);
            live.put(stream, known);
            target.take(resume, new Receipt(null, known, 0));
        }
        return silent.size();
    }

    /** Says once for a stream that it goes on after its end; what was published of it already may well be read again. */
    private void tellLoss(OverStream ended, AudioMessage message) {
        if (!ended.lossTold && ended.misses(message)) {
            ended.lossTold = true;
            LOG.atWarn()
                    .addKeyValue("interaction_id", message.stream().interactionId())
                    .addKeyValue("tenant_id", message.stream().tenantId())
                    .log(
                            "audio lost: the call goes on after its end ({}, after {} ms of audio) was published",
                            ended.end.reason().wireName(),
                            ended.end.durationMillis());
        }
    }

    /** Settles a record that nobody can read. */
    void skip(long offset) {
        ledger.settle(ledger.handOut(offset, time.epochMillis()));
    }

    /** Whether a stream has more audio that is not final than this, and gets on with it. */
    boolean hasStreamAbove(long millis) {
        long now = time.nanos();
        return live.values().stream().anyMatch(stream -> stream.isAbove(millis, now));
    }

    int liveStreams() {
        return live.size();
    }

    /** The stream's end is published. */
    void over(CallEnded end) {
        live.compute(end.stream(), (stream, running) -> {
            if (running != null && end.leg() != 0 && end.leg() < running.leg) {
                return running;
            }
            over.put(stream, new OverStream(end, false));
            return null;
        });
    }

    /** Tells the sessions of all live streams that they are still there, although no audio comes. */
    void signOfLife(AudioTarget target) {
        live.forEach((stream, known) -> {
            if (!known.ended && known.sampleRate > 0) {
                target.take(
                        new AudioWindow(stream, known.number, known.endSample, known.sampleRate, new byte[0]), null);
            }
        });
    }

    /** Tells the sessions of all live streams that another process has them now. */
    void release(AudioTarget target) {
        live.keySet().forEach(stream -> target.take(new CallRelease(stream), null));
        live.clear();
    }

    /** One record's receipt; one without a record only says where its stream comes from. */
    private final class Receipt implements AudioReceipt {

        private final OffsetLedger.@Nullable Entry entry;
        private final LiveStream stream;
        private final int samples;

        Receipt(OffsetLedger.@Nullable Entry entry, LiveStream stream, int samples) {
            this.entry = entry;
            this.stream = stream;
            this.samples = samples;
        }

        @Override
        public void settle() {
            if (entry != null && ledger.settle(entry)) {
                stream.settled(samples, time.nanos());
            }
        }

        @Override
        public AudioOrigin origin() {
            return PartitionLease.this;
        }
    }
}
