package io.rtaa.redis;

import io.lettuce.core.ScriptOutputType;
import io.rtaa.bus.BusMeters.Doing;
import io.rtaa.bus.Topic;
import io.rtaa.routes.LogThrottle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps a consumer's leases: says that this worker is there, prolongs what it has, takes what is free up to its share, gives a
 * few back when others have come, and acknowledges in batches what was settled.
 *
 * <pre>
 *   free ──take──▶ held ──give back──▶ free
 *                   │ fenced: another took it after it ran out
 *                   ▼
 *                  lost
 * </pre>
 *
 * <p>A lease that ran out is still held until another worker takes it, and so is one that Redis has lost, with all its
 * data or alone: the next write makes its record again. After Redis was away, or has forgotten this worker, nothing is
 * taken for as long as a lease lasts, so that the worker that had a partition may prolong its lease first.
 *
 * <p>Thread-safety: the work is done on one thread of its own; what meters ask may be asked from any.
 */
final class LeaseKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

    private static final RedisScript ALIVE = RedisScript.named("alive");
    private static final RedisScript LOOK = RedisScript.named("look");
    private static final RedisScript TAKE = RedisScript.acknowledging("take");
    private static final RedisScript RENEW = RedisScript.acknowledging("renew");
    private static final RedisScript RELEASE = RedisScript.acknowledging("release");

    /** What look.lua answers for each partition. */
    private static final int LOOK_FIELDS = 5;

    /** A worker gives back an eighth of all partitions at a time, so that a newcomer does not get all its calls at once. */
    private static final int PARTS_TO_GIVE_BACK = 8;

    /** How often settled entries are acknowledged that no event carried along. */
    static final Duration ACKNOWLEDGE_EVERY = Duration.ofMillis(200);

    /** How often a worker with less than its share looks for more; a random time around it. */
    private static final long LOOK_AGAIN_MILLIS = 500;

    /** How long events under way are waited for when a lease is given back. */
    private static final long PUBLISHING_MILLIS = 1000;

    /**
     * Who reads under the leases. Called on the keeper's thread, so nothing here may wait: leases would run out
     * meanwhile.
     */
    interface Owner {

        /**
         * Before any lease is acquired; called again until it returns normally.
         *
         * @throws RedisBusException if Redis did not do it
         */
        default void prepare() throws InterruptedException {}

        /** From now on the partition is to be read, from a position. */
        void taken(Lease lease, Position from);

        /** The lease is to be used no more: nothing else is read under it once this returns. */
        void gone(Lease lease);

        /** How much it would cost to move what is going on under a lease. */
        int weight(Lease lease);
    }

    private final RedisBus bus;
    private final LogThrottle faults = new LogThrottle();
    private final String topic;
    private final String group;
    private final Duration leaseTime;
    private final Owner owner;
    private final ScheduledExecutorService executor;
    private final String worker = UUID.randomUUID().toString();
    private final Random random = new Random();
    private final Map<Integer, Lease> leases = new ConcurrentHashMap<>();

    private volatile int workers;
    private volatile int unowned;
    private volatile long entriesBehind;
    private volatile long entriesUnowned;
    private volatile long lagMillis;
    private volatile long lookedNanos = System.nanoTime();
    private volatile @Nullable String fault;
    private volatile boolean stopped;
    private volatile long progressNanos = System.nanoTime();
    private boolean away;
    private boolean announced;
    private long takesNothingUntilNanos = System.nanoTime();
    private long nextRoundNanos = System.nanoTime();
    private @Nullable ScheduledFuture<?> ticks;

    /**
     * @param leaseTime how long a lease lasts without being prolonged
     * @param executor one thread of the keeper's own
     */
    LeaseKeeper(
            RedisBus bus,
            String topic,
            String group,
            Duration leaseTime,
            Owner owner,
            ScheduledExecutorService executor) {
        this.bus = bus;
        this.topic = topic;
        this.group = group;
        this.leaseTime = leaseTime;
        this.owner = owner;
        this.executor = executor;
    }

    void start() {
        stopped = false;
        progressNanos = System.nanoTime();
        ticks = executor.scheduleWithFixedDelay(this::tick, 0, ACKNOWLEDGE_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Gives every lease back, at once, and acknowledges what is settled; returns when that is done or cannot be done. */
    void stop() {
        stopped = true;
        if (ticks != null) {
            ticks.cancel(false);
        }
        try {
            executor.submit(this::giveAllBack)
                    .get(bus.options().commandTimeout().toMillis() * 2, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            LOG.atWarn().setCause(e).log("leases on {} could not be given back; they run out", topic);
        }
    }

    int owned() {
        return leases.size();
    }

    /** The numbers of the partitions with a lease. */
    List<Integer> partitions() {
        return leases.keySet().stream().sorted().toList();
    }

    int unowned() {
        return unowned;
    }

    int workers() {
        return workers;
    }

    long entriesBehind() {
        return entriesBehind;
    }

    long entriesUnowned() {
        return entriesUnowned;
    }

    /**
     * The age of the oldest entry of its partitions that is not acknowledged, by the clock of Redis; 0 where there is
     * none. While Redis does not answer, the age grows from that of the last look.
     */
    long lagMillis() {
        long seen = lagMillis;
        return seen == 0 || fault == null
                ? seen
                : seen + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lookedNanos);
    }

    int unacknowledged() {
        return leases.values().stream().mapToInt(Lease::unacknowledged).sum();
    }

    /** Why the last round failed; null if it did not. */
    @Nullable
    String fault() {
        return fault;
    }

    /** Whether its thread has done nothing for so long, not even failed. */
    boolean isStuck(Duration after) {
        return System.nanoTime() - progressNanos > after.toNanos();
    }

    private void tick() {
        progressNanos = System.nanoTime();
        if (stopped) {
            return;
        }
        try {
            dropFenced();
            leases.values().forEach(lease -> bus.acknowledge(lease, topic));
            if (System.nanoTime() - nextRoundNanos >= 0) {
                round();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RedisBusException e) {
            roundFailed(e);
        } catch (RuntimeException | Error e) {
            // The keeper goes on whatever happens: a task that throws is not scheduled again, and all leases would run
            // out.
            faults.atLevel(LOG, Level.ERROR)
                    .setCause(e)
                    .addKeyValue("topic", topic)
                    .log("Keeping the leases failed");
            fault = e.toString();
        }
    }

    private void roundFailed(RedisBusException failure) {
        bus.countFailure(Topic.named(topic), Doing.LEASE, failure);
        if (fault == null) {
            LOG.atWarn().addKeyValue("topic", topic).addKeyValue("group", group).log("{}", failure.getMessage());
        }
        fault = failure.getMessage();
        away = true;
    }

    private void round() throws InterruptedException {
        owner.prepare();
        long patienceMillis = leaseTime.toMillis();
        Long alive = RedisLink.await(ALIVE.run(
                bus.link(),
                ScriptOutputType.INTEGER,
                new String[] {bus.keys().workers(topic, group)},
                RedisBus.bytes(worker),
                RedisBus.bytes(Long.toString(patienceMillis))));
        workers = Math.toIntExact(Math.abs(alive));
        if (alive < 0 && announced) {
            forgotten();
        }
        announced = true;
        renew();
        dropFenced();
        List<Integer> free = look();
        fault = null;
        if (away) {
            away = false;
            takesNothingUntilNanos = System.nanoTime() + leaseTime.toNanos();
        }
        int share = (bus.keys().partitions() + workers - 1) / workers;
        boolean wantsMore = leases.size() < share;
        if (leases.size() > share) {
            giveBack(leases.size() - share);
        } else if (wantsMore && System.nanoTime() - takesNothingUntilNanos >= 0) {
            take(free.subList(0, Math.min(free.size(), share - leases.size())));
        }
        long untilNext = wantsMore ? LOOK_AGAIN_MILLIS : leaseTime.toMillis() / 3;
        nextRoundNanos = System.nanoTime()
                + TimeUnit.MILLISECONDS.toNanos(untilNext * 3 / 4 + random.nextLong(untilNext / 2 + 1));
    }

    /**
     * Redis has lost its data, or this worker said nothing for long: others may not have prolonged their leases yet.
     */
    private void forgotten() {
        LOG.atWarn()
                .addKeyValue("topic", topic)
                .addKeyValue("group", group)
                .log("Redis has forgotten this worker, which goes on with its {} partitions", leases.size());
        away = true;
        bus.agreeOnPartitions();
    }

    private void renew() throws InterruptedException {
        Map<Lease, CompletableFuture<Long>> answers = new LinkedHashMap<>();
        for (Lease lease : leases.values()) {
            answers.put(
                    lease,
                    RENEW.run(
                            bus.link(),
                            ScriptOutputType.INTEGER,
                            new String[] {lease.key(), lease.record(), lease.log(), lease.groups()},
                            RedisBus.bytes(lease.token()),
                            RedisBus.bytes(worker),
                            RedisBus.bytes(Long.toString(leaseTime.toMillis()))));
        }
        for (Map.Entry<Lease, CompletableFuture<Long>> answer : answers.entrySet()) {
            if (RedisLink.await(answer.getValue()) < 0) {
                answer.getKey().fenced();
            }
        }
    }

    /** Finds the partitions that nobody has: those with entries first, else in no order. */
    private List<Integer> look() throws InterruptedException {
        int partitions = bus.keys().partitions();
        List<String> names = new ArrayList<>(partitions * 3);
        for (int partition = 0; partition < partitions; partition++) {
            names.add(bus.keys().lease(topic, partition, group));
            names.add(bus.keys().record(topic, partition, group));
            names.add(bus.keys().log(topic, partition));
        }
        List<byte[]> seen = RedisLink.await(LOOK.run(bus.link(), ScriptOutputType.MULTI, names.toArray(new String[0])));
        List<Integer> free = new ArrayList<>();
        List<Integer> freeAndWaiting = new ArrayList<>();
        long behind = 0;
        long behindUnowned = 0;
        long nowMillis = Long.parseLong(RedisBus.text(seen.get(partitions * LOOK_FIELDS)));
        long oldestMillis = nowMillis;
        for (int partition = 0; partition < partitions; partition++) {
            List<byte[]> fields = seen.subList(partition * LOOK_FIELDS, (partition + 1) * LOOK_FIELDS);
            Position position = positionOf(fields.get(1));
            Position last = positionOf(fields.get(2));
            boolean waiting = last.isAfter(position);
            long entries = waiting ? Long.parseLong(RedisBus.text(fields.get(4))) : 0;
            if (leases.containsKey(partition)) {
                behind += entries;
                if (waiting) {
                    oldestMillis =
                            Math.min(oldestMillis, positionOf(fields.get(3)).millis());
                }
            }
            if (fields.get(0).length == 0) {
                behindUnowned += entries;
                (waiting ? freeAndWaiting : free).add(partition);
            }
        }
        unowned = free.size() + freeAndWaiting.size();
        entriesBehind = behind;
        entriesUnowned = behindUnowned;
        lookedNanos = System.nanoTime();
        lagMillis = nowMillis - oldestMillis;
        Collections.shuffle(free, random);
        Collections.shuffle(freeAndWaiting, random);
        freeAndWaiting.addAll(free);
        freeAndWaiting.removeIf(leases::containsKey);
        return freeAndWaiting;
    }

    private static Position positionOf(byte[] id) {
        return id.length == 0 ? Position.START : Position.of(RedisBus.text(id));
    }

    private void take(List<Integer> partitions) throws InterruptedException {
        Map<Integer, CompletableFuture<List<byte[]>>> answers = new LinkedHashMap<>();
        for (int partition : partitions) {
            answers.put(
                    partition,
                    TAKE.run(
                            bus.link(),
                            ScriptOutputType.MULTI,
                            new String[] {
                                bus.keys().lease(topic, partition, group),
                                bus.keys().record(topic, partition, group),
                                bus.keys().groups(topic, partition)
                            },
                            RedisBus.bytes(worker),
                            RedisBus.bytes(Long.toString(leaseTime.toMillis())),
                            RedisBus.bytes(group)));
        }
        List<Integer> taken = new ArrayList<>();
        for (Map.Entry<Integer, CompletableFuture<List<byte[]>>> answer : answers.entrySet()) {
            List<byte[]> granted = RedisLink.await(answer.getValue());
            if (!granted.isEmpty()) {
                Position from = Position.of(RedisBus.text(granted.get(1)));
                Lease lease = new Lease(bus, topic, group, answer.getKey(), RedisBus.text(granted.get(0)), from);
                leases.put(answer.getKey(), lease);
                owner.taken(lease, from);
                taken.add(answer.getKey());
            }
        }
        if (!taken.isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("topic", topic)
                    .addKeyValue("group", group)
                    .log(
                            "takes partitions {}, has {} of {}",
                            taken,
                            leases.size(),
                            bus.keys().partitions());
        }
    }

    private void dropFenced() {
        List<Integer> lost = new ArrayList<>();
        for (Lease lease : List.copyOf(leases.values())) {
            if (lease.isFenced()) {
                leases.remove(lease.partition(), lease);
                lost.add(lease.partition());
                owner.gone(lease);
            }
        }
        if (!lost.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("topic", topic)
                    .addKeyValue("group", group)
                    .log("lost partitions {}: another worker has them now", lost);
        }
    }

    private void giveBack(int surplus) throws InterruptedException {
        int some = Math.min(surplus, Math.max(1, bus.keys().partitions() / PARTS_TO_GIVE_BACK));
        // Weights change meanwhile: each is asked for once.
        Map<Lease, Integer> weights = new HashMap<>();
        leases.values().forEach(lease -> weights.put(lease, owner.weight(lease)));
        giveBack(weights.entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .limit(some)
                .map(Map.Entry::getKey)
                .toList());
    }

    private void giveAllBack() {
        try {
            giveBack(List.copyOf(leases.values()));
            RedisLink.await(bus.link()
                    .send("ZREM", commands -> commands.zrem(bus.keys().workers(topic, group), RedisBus.bytes(worker))));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RedisBusException e) {
            LOG.warn("leases on {} could not be given back, they run out: {}", topic, e.getMessage());
        }
    }

    private void giveBack(List<Lease> some) throws InterruptedException {
        for (Lease lease : some) {
            leases.remove(lease.partition(), lease);
            lease.giveUp();
            owner.gone(lease);
        }
        List<CompletableFuture<Long>> answers = new ArrayList<>();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PUBLISHING_MILLIS);
        for (Lease lease : some) {
            lease.awaitPublished(deadline);
            answers.add(RELEASE.run(
                    bus.link(),
                    ScriptOutputType.INTEGER,
                    new String[] {lease.key(), lease.record(), lease.log(), lease.groups()},
                    RedisBus.bytes(lease.token()),
                    RedisBus.bytes(lease.settledUpTo().toString()),
                    RedisBus.bytes(RedisBus.trims(topic))));
        }
        for (CompletableFuture<Long> answer : answers) {
            RedisLink.await(answer);
        }
        if (!some.isEmpty()) {
            LOG.atInfo()
                    .addKeyValue("topic", topic)
                    .addKeyValue("group", group)
                    .log(
                            "gives back partitions {}",
                            some.stream().map(Lease::partition).toList());
        }
    }
}
