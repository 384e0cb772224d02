package io.rtaa.redis;

import io.lettuce.core.StreamMessage;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.rtaa.bus.BusMeters.Doing;
import io.rtaa.bus.ReaderMeters;
import io.rtaa.bus.Topic;
import io.rtaa.routes.GivenUpException;
import io.rtaa.routes.LogThrottle;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.DefaultConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Reads logs on one thread of its own and over one connection of its own: one read for all of them, from positions that are kept
 * here. A read that fails is tried again from where it was. The routes it feeds run on its thread, and may block it.
 */
abstract class RedisStreamsConsumer extends DefaultConsumer {

    private static final Logger LOG = LoggerFactory.getLogger(RedisStreamsConsumer.class);

    /** The group of a consumer that reads for its route alone. */
    static final String NO_GROUP = "-";

    private static final long LEAST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 1000;

    /** How long a stop waits for what the route is doing; after that it is interrupted. */
    private static final long ROUTE_ENDS_WITHIN_MILLIS = 3000;

    private final RedisStreamsEndpoint endpoint;
    private final Topic measured;
    private final String group;
    private final Semaphore woken = new Semaphore(0);
    private final RedisBus bus;
    private final LogThrottle faults = new LogThrottle();
    private final RedisLink link;
    private final Map<Topic, ReaderMeters> readers = new ConcurrentHashMap<>();
    private @Nullable ExecutorService thread;
    private volatile long progressNanos = System.nanoTime();
    private volatile long startedNanos = System.nanoTime();
    private volatile @Nullable String fault;
    /** Used by the reading thread only, as the next. */
    private int checkedAtConnect;

    private long lastReadNanos = System.nanoTime();

    /** @param group who reads; {@link #NO_GROUP} for the route alone */
    RedisStreamsConsumer(RedisStreamsEndpoint endpoint, Processor processor, String group) {
        super(endpoint, processor);
        this.endpoint = endpoint;
        this.measured = Topic.named(endpoint.getTopic());
        this.group = group;
        this.bus = endpoint.component().bus();
        this.link = bus.newLink(endpoint.getTopic() + " for " + group);
    }

    /** What to read next: the position after which to read, by key; empty for nothing now. On the reading thread. */
    abstract Map<String, Position> wanted() throws InterruptedException;

    /**
     * Takes what was read, all entries of one log after another and in order. On the reading thread.
     *
     * @throws RedisBusException if it is to be read again
     */
    abstract void take(List<StreamMessage<String, byte[]>> entries) throws InterruptedException;

    /**
     * Runs a task on the reading thread once its loop has ended, and waits a little for that: what the route is doing
     * comes to its end. For a consumer that stops, on the stopping thread.
     */
    final void afterReading(Runnable task) {
        ExecutorService reading = thread;
        if (reading == null) {
            return;
        }
        wake();
        try {
            reading.submit(task).get(ROUTE_ENDS_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.atWarn().setCause(e).log("The route that reads {} is interrupted: it has not come to its end", topic());
        }
    }

    /** A read failed; told each time. On the reading thread. */
    void readFailed() {}

    /** A read worked, after one that failed. On the reading thread. */
    void readWorksAgain() {}

    /**
     * A log's data was lost, and it goes on with lower ids than were read: it is to be read from there. On the reading
     * thread.
     *
     * @param log the log's key
     * @param to the position after which to read
     */
    abstract void rewind(String log, Position to);

    /** Whether another process reads with this one. */
    boolean hasCompany() {
        return false;
    }

    /** The numbers of the partitions that are read under a lease. */
    List<Integer> partitionsHeld() {
        return List.of();
    }

    final RedisBus bus() {
        return bus;
    }

    final RedisStreamsConfiguration options() {
        return endpoint.getConfiguration();
    }

    final String topic() {
        return endpoint.getTopic();
    }

    final String group() {
        return group;
    }

    /** The meters of this reader; once it knows its route. */
    final ReaderMeters reader() {
        return reader(measured);
    }

    /** The meters of what this reader gets of a topic; once it knows its route. */
    final ReaderMeters reader(Topic of) {
        return readers.computeIfAbsent(of, topic -> bus.meters().reader(topic, label()));
    }

    /** What metrics call this reader. */
    private String label() {
        return group.equals(NO_GROUP) ? Objects.requireNonNullElse(getRouteId(), NO_GROUP) : group;
    }

    /** Why nothing can be read now; null while it can. */
    @Nullable
    String fault() {
        String current = fault;
        return current == null ? null : topic() + " cannot be read: " + current;
    }

    /** What is worth knowing although it can read; null for nothing. */
    @Nullable
    String note() {
        return null;
    }

    /** Says so where the reading thread has done nothing for so long, not even failed; null where it has. */
    @Nullable
    String stuck(Duration after) {
        long idleNanos = System.nanoTime() - progressNanos;
        return isStarted() && idleNanos > after.toNanos()
                ? "whoever reads " + topic() + " for " + group + " has got nowhere for "
                        + TimeUnit.NANOSECONDS.toSeconds(idleNanos) + " s"
                : null;
    }

    /**
     * When the route started, epoch milliseconds by Redis's clock; a millisecond early, so that nothing is left out.
     */
    final long startMillis() throws InterruptedException {
        List<byte[]> time = RedisLink.await(bus.link().send("TIME", commands -> commands.time()));
        long sinceStartNanos = System.nanoTime() - startedNanos;
        return Long.parseLong(RedisBus.text(time.get(0))) * 1000
                + Long.parseLong(RedisBus.text(time.get(1))) / 1000
                - TimeUnit.NANOSECONDS.toMillis(sinceStartNanos)
                - 1;
    }

    /** There is something new to look at. */
    final void wake() {
        woken.release();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        progressNanos = System.nanoTime();
        startedNanos = System.nanoTime();
        link.start();
        ExecutorService fresh = endpoint.getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadExecutor(this, "redis-streams-" + topic() + "-" + group);
        thread = fresh;
        fresh.execute(this::run);
        endpoint.component().add(this);
    }

    @Override
    protected void doStop() throws Exception {
        endpoint.component().remove(this);
        if (thread != null) {
            endpoint.getCamelContext().getExecutorServiceManager().shutdownNow(thread);
            thread = null;
        }
        link.stop();
        super.doStop();
    }

    private void run() {
        try {
            link.awaitFirstTry();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        checkedAtConnect = link.connects();
        while (isRunAllowed() && !isStoppingOrStopped()) {
            try {
                step();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException | Error e) {
                // The thread goes on whatever a route or a message throws: without it the process reads nothing more.
                faults.atLevel(LOG, Level.ERROR)
                        .setCause(e)
                        .addKeyValue("topic", topic())
                        .log("Reading the bus failed");
                fault = e.toString();
                pauseQuietly();
            }
        }
    }

    private void pauseQuietly() {
        try {
            pause(LONGEST_PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void step() throws InterruptedException {
        progressed();
        try {
            Map<String, Position> wanted = wanted();
            if (wanted.isEmpty()) {
                if (link.isUp()) {
                    // Positions to come are those of this Redis.
                    checkedAtConnect = link.connects();
                    lastReadNanos = System.nanoTime();
                    works();
                }
                pause(options().getBlock().toMillis());
                return;
            }
            int connects = link.connects();
            if (connects != checkedAtConnect) {
                boolean rewound = rewindLogs(wanted);
                checkedAtConnect = connects;
                if (rewound) {
                    return;
                }
            }
            List<StreamMessage<String, byte[]>> entries = read(wanted);
            lastReadNanos = System.nanoTime();
            if (!entries.isEmpty()) {
                take(entries);
            }
            works();
            if (!entries.isEmpty()) {
                linger(entries.size());
            }
        } catch (RedisBusException e) {
            failed(e);
        }
    }

    /**
     * Redis may be another one than before, with other data and a clock that is behind: what was written there
     * meanwhile has lower ids than was read already. A position that is later than the last read, by the clock of
     * Redis, is set back to that.
     *
     * @return whether there is one
     */
    private boolean rewindLogs(Map<String, Position> wanted) throws InterruptedException {
        long sinceReadMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastReadNanos);
        List<byte[]> time = RedisLink.await(link.send("TIME", commands -> commands.time()));
        long nowMillis = Long.parseLong(RedisBus.text(time.get(0))) * 1000
                + TimeUnit.MICROSECONDS.toMillis(Long.parseLong(RedisBus.text(time.get(1))));
        Position lastRead = new Position(Math.max(0, nowMillis - sinceReadMillis), 0);
        boolean found = false;
        for (Map.Entry<String, Position> log : List.copyOf(wanted.entrySet())) {
            if (log.getValue().millis() > lastRead.millis()) {
                rewind(log.getKey(), lastRead);
                found = true;
            }
        }
        return found;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // An array of a generic type.
    private List<StreamMessage<String, byte[]>> read(Map<String, Position> wanted) throws InterruptedException {
        StreamOffset<String>[] offsets = wanted.entrySet().stream()
                .map(log -> StreamOffset.from(log.getKey(), log.getValue().toString()))
                .toArray(StreamOffset[]::new);
        XReadArgs how =
                new XReadArgs().block(options().getBlock()).count(options().getBatch());
        return RedisLink.await(link.send("XREAD", commands -> commands.xread(how, offsets)));
    }

    /** Lets a few entries gather before the next read, unless a backlog is being read. */
    private void linger(int entries) throws InterruptedException {
        if (entries < options().getBatch() && !options().getLinger().isZero()) {
            pause(options().getLinger().toMillis());
        }
    }

    private void works() {
        if (fault != null) {
            fault = null;
            readWorksAgain();
        }
    }

    private void failed(RedisBusException failure) throws InterruptedException {
        bus.countFailure(measured, Doing.READ, failure);
        if (fault == null) {
            LOG.atWarn()
                    .addKeyValue("topic", topic())
                    .addKeyValue("group", group)
                    .log("{}", failure.getMessage());
        }
        fault = failure.getMessage();
        readFailed();
        pause(ThreadLocalRandom.current().nextLong(LEAST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
    }

    /** Waits until something new is to be looked at, or the time is over. */
    final void pause(long millis) throws InterruptedException {
        if (woken.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
            woken.drainPermits();
        }
    }

    final void progressed() {
        progressNanos = System.nanoTime();
    }

    /**
     * Runs the route with a message, on the calling thread.
     *
     * @return why it failed; null where it did not
     */
    final @Nullable Exception handOn(Object body, Map<String, Object> properties) {
        Exchange exchange = createExchange(false);
        try {
            exchange.getMessage().setBody(body);
            properties.forEach(exchange::setProperty);
            getProcessor().process(exchange);
            return GivenUpException.failureOf(exchange);
        } catch (Exception e) {
            return e;
        } finally {
            releaseExchange(exchange, false);
            progressed();
        }
    }
}
