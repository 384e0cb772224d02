package io.rtaa.audio;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.StreamId;
import io.rtaa.routes.LogThrottle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Lets the messages of a stream go on in the order of their numbers and one at a time: an exchange whose predecessor has not
 * come, or is not done with the rest of the route, waits. So a stream stays in order through a stall, in which the
 * aggregator's timeout thread and a socket's thread overtake each other, and through redelivery that another thread does later.
 *
 * <p>A stream that goes on over another socket is a leg of its own, with numbers of its own, which begins once the end
 * of the leg before it is done.
 *
 * <p>What may wait is bounded by stream and altogether. Past a bound the stream's oldest waiting window is dropped: its
 * exchange stops its route, it is counted, and the jump in the windows' positions shows it to whoever reads them. Together
 * with it a missing predecessor is given up. Starts and ends are not dropped. A stream is forgotten when its end is done.
 *
 * <p>Thread-safety: any number of streams and threads; no lock is held while anything else is called.
 */
public final class MessageOrder extends AsyncProcessorSupport {

    /** How much audio of a stream waits by default: a bus that is away for longer loses audio, visibly. */
    public static final Duration DEFAULT_MAX_HELD_PER_STREAM = Duration.ofSeconds(30);

    /** How much audio waits altogether by default, in bytes: 2000 calls at 8 kHz for eight seconds. */
    public static final long DEFAULT_MAX_HELD_BYTES = 256L * 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(MessageOrder.class);

    private final long maxHeldMillisPerStream;
    private final long maxHeldBytes;
    private final ConcurrentMap<LegOfStream, Lane> lanes = new ConcurrentHashMap<>();
    private final ConcurrentMap<StreamId, Lane> latest = new ConcurrentHashMap<>();
    private final AtomicLong heldBytes = new AtomicLong();
    private final LongAdder droppedWindows = new LongAdder();
    private final LogThrottle drops = new LogThrottle();

    public MessageOrder() {
        this(DEFAULT_MAX_HELD_PER_STREAM, DEFAULT_MAX_HELD_BYTES);
    }

    /**
     * @param maxHeldPerStream the most audio of one stream that waits
     * @param maxHeldBytes the most audio of all streams that waits, in bytes
     */
    public MessageOrder(Duration maxHeldPerStream, long maxHeldBytes) {
        if (maxHeldPerStream.isNegative() || maxHeldBytes < 0) {
            throw new IllegalArgumentException(
                    "held audio of " + maxHeldPerStream + " and " + maxHeldBytes + " bytes; allowed: none below zero");
        }
        this.maxHeldMillisPerStream = maxHeldPerStream.toMillis();
        this.maxHeldBytes = maxHeldBytes;
    }

    /** The audio that is waiting, in bytes. */
    public long heldBytes() {
        return heldBytes.get();
    }

    /** The windows that were dropped since the process started. */
    public long droppedWindows() {
        return droppedWindows.sum();
    }

    /** The legs of streams whose end is not done yet. */
    public int streams() {
        return lanes.size();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Object body = exchange.getMessage().getBody();
        if (body == null) {
            // The aggregator had nothing to say; whatever completes there comes by here once.
            exchange.setRouteStop(true);
            callback.done(true);
            return true;
        }
        if (!(body instanceof AudioMessage message)) {
            exchange.setException(new IllegalArgumentException("the body is " + body + "; allowed: an AudioMessage"));
            callback.done(true);
            return true;
        }
        Lane lane = lanes.computeIfAbsent(new LegOfStream(message.stream(), message.leg()), this::open);
        Held arrived = new Held(message, exchange, callback);
        List<Held> dropped = new ArrayList<>(0);
        if (lane.enter(arrived, dropped)) {
            lane.watch(arrived);
            callback.done(true);
            return true;
        }
        dropped.forEach(lane::drop);
        lane.release();
        return false;
    }

    @Override
    protected void doStop() {
        List<Lane> left = new ArrayList<>(lanes.values());
        lanes.clear();
        latest.clear();
        left.forEach(Lane::abandon);
    }

    private Lane open(LegOfStream leg) {
        Lane lane = new Lane(leg);
        Lane before = latest.put(leg.stream(), lane);
        if (before != null) {
            before.isFollowedBy(lane);
        }
        return lane;
    }

    private record LegOfStream(StreamId stream, long leg) {}

    /** A message that waits, and how to let it go on. */
    private record Held(AudioMessage message, Exchange exchange, AsyncCallback callback) {
        int bytes() {
            return message instanceof AudioWindow window ? window.pcm().length : 0;
        }
    }

    /** One leg's messages. */
    private final class Lane {
        private final LegOfStream leg;
        private final StreamId stream;
        private final TreeMap<Long, Held> held = new TreeMap<>();
        private long next;
        private long laneBytes;
        private boolean busy;
        private boolean releasing;
        private boolean reported;
        /** Whether the leg before is not done yet. */
        private boolean waits;

        private boolean hasEnd;
        private boolean isDone;
        private @Nullable Lane follower;

        Lane(LegOfStream leg) {
            this.leg = leg;
            this.stream = leg.stream();
        }

        /**
         * Has a new leg wait until this one is done. One whose end has not come may never be done, and is not waited
         * for.
         */
        synchronized void isFollowedBy(Lane next) {
            if (hasEnd && !isDone) {
                follower = next;
                next.waits = true;
            }
        }

        private void begin() {
            synchronized (this) {
                waits = false;
            }
            release();
        }

        /** True if the message may go on at once; else it waits, and {@code dropped} gets what has to give way. */
        synchronized boolean enter(Held arrived, List<Held> dropped) {
            long number = arrived.message().number();
            if (number < next) {
                dropped.add(arrived);
                return false;
            }
            hasEnd = hasEnd || arrived.message() instanceof CallEnd;
            if (number == next && !busy && !waits) {
                busy = true;
                next++;
                return true;
            }
            held.put(number, arrived);
            laneBytes += arrived.bytes();
            heldBytes.addAndGet(arrived.bytes());
            if (arrived.message() instanceof AudioWindow window) {
                long maxLaneBytes =
                        AudioFormat.samples(maxHeldMillisPerStream, window.sampleRate()) * AudioFormat.BYTES_PER_SAMPLE;
                while (laneBytes > 0 && (laneBytes > maxLaneBytes || heldBytes.get() > maxHeldBytes)) {
                    dropped.add(removeOldestWindow());
                }
            }
            return false;
        }

        private Held removeOldestWindow() {
            for (Map.Entry<Long, Held> entry : held.entrySet()) {
                if (entry.getValue().message() instanceof AudioWindow) {
                    Held oldest = entry.getValue();
                    next = Math.max(next, entry.getKey() + 1);
                    forget(oldest);
                    return oldest;
                }
            }
            throw new IllegalStateException("no window of " + stream + " in " + laneBytes + " held bytes");
        }

        private void forget(Held gone) {
            held.remove(gone.message().number());
            laneBytes -= gone.bytes();
            heldBytes.addAndGet(-gone.bytes());
        }

        /** Lets waiting messages go on; one thread at a time does it, in a loop, however many there are. */
        void release() {
            synchronized (this) {
                if (releasing) {
                    return;
                }
                releasing = true;
            }
            for (Held ready = takeReady(); ready != null; ready = takeReady()) {
                watch(ready);
                ready.callback().done(false);
            }
        }

        private synchronized @Nullable Held takeReady() {
            Held first =
                    busy || waits || held.isEmpty() ? null : held.firstEntry().getValue();
            if (first == null || first.message().number() > next) {
                releasing = false;
                return null;
            }
            busy = true;
            next = Math.max(next, first.message().number() + 1);
            forget(first);
            return first;
        }

        /** Has the next message released when this one is done with its route, however that went. */
        void watch(Held passing) {
            boolean last = passing.message() instanceof CallEnd;
            passing.exchange().getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onDone(Exchange done) {
                    leave(last);
                }

                // A seda endpoint would take this along to its consumer: in the queue is done.
                @Override
                public boolean allowHandover() {
                    return false;
                }
            });
        }

        private void leave(boolean last) {
            Lane following = null;
            synchronized (this) {
                busy = false;
                if (last) {
                    isDone = true;
                    following = follower;
                }
            }
            if (last) {
                lanes.remove(leg, this);
                latest.remove(stream, this);
            }
            release();
            if (following != null) {
                following.begin();
            }
        }

        void drop(Held gone) {
            droppedWindows.increment();
            boolean first;
            synchronized (this) {
                first = !reported;
                reported = true;
            }
            if (first) {
                drops.atLevel(LOG, Level.WARN)
                        .addKeyValue("interaction_id", stream.interactionId())
                        .addKeyValue("tenant_id", stream.tenantId())
                        .log("Audio is dropped: the bus has not taken {} bytes of all calls", heldBytes.get());
            }
            finish(gone);
        }

        void abandon() {
            List<Held> left;
            synchronized (this) {
                left = new ArrayList<>(held.values());
                left.forEach(this::forget);
            }
            left.forEach(this::finish);
        }

        private void finish(Held gone) {
            gone.exchange().setRouteStop(true);
            gone.callback().done(false);
        }
    }
}
