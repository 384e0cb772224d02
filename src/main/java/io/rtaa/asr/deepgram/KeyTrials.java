package io.rtaa.asr.deepgram;

import io.rtaa.asr.CoolDown;
import io.rtaa.asr.RecogniserRefusal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which API key a handshake takes. What Deepgram refused cools down and is tried again by one handshake at a time: the
 * key itself after a 401 or 402, else only the pair of the key and what was asked for with it, as a 403 does not tell
 * whether the model, the language or a feature is forbidden. Keys that were changed in their file start afresh.
 *
 * <p>Thread-safety: safe.
 */
final class KeyTrials {

    /** Refusals that are remembered; beyond it the oldest is forgotten, which costs one more handshake. */
    static final int MAX_REFUSALS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(KeyTrials.class);

    /** @param asked null where the key is refused whatever it is used for */
    private record Subject(DeepgramKeys.Key key, @Nullable DeepgramOptions asked) {}

    private record Refused(Instant since, String reason, long number, CoolDown coolDown) {}

    private final DeepgramKeys keys;
    private final Duration first;
    private final Duration most;
    private final LongSupplier nanoTime;
    private final Clock clock;

    /** Oldest first. */
    private final Map<Subject, Refused> refused = new LinkedHashMap<>();

    private int version;
    private long refusals;

    /**
     * @param first how long what was refused cools down at first; that doubles with each refusal
     * @param most how long it cools down at most
     */
    KeyTrials(DeepgramKeys keys, Duration first, Duration most) {
        this(keys, first, most, System::nanoTime, Clock.systemUTC());
    }

    KeyTrials(DeepgramKeys keys, Duration first, Duration most, LongSupplier nanoTime, Clock clock) {
        this.keys = keys;
        this.first = first;
        this.most = most;
        this.nanoTime = nanoTime;
        this.clock = clock;
    }

    /**
     * The first key that does not cool down.
     *
     * @param tried keys that the asker has tried in vain
     * @param asked what the key is to be used for
     * @return to be reported on; null where every key was tried or cools down
     */
    synchronized @Nullable Trial next(Set<DeepgramKeys.Key> tried, DeepgramOptions asked) {
        long now = nanoTime.getAsLong();
        for (DeepgramKeys.Key key : current()) {
            List<Refused> refusedBefore = refusalsOf(key, asked);
            if (!tried.contains(key)
                    && refusedBefore.stream().allMatch(each -> each.coolDown().isDue(now))) {
                refusedBefore.forEach(each -> each.coolDown().begin(now));
                return new Trial(key, asked, !refusedBefore.isEmpty());
            }
        }
        return null;
    }

    /** Why no key is of use; null while one may be. */
    synchronized @Nullable RecogniserRefusal refusal(DeepgramOptions asked) {
        Instant since = Instant.MIN;
        Refused last = null;
        for (DeepgramKeys.Key key : current()) {
            List<Refused> ofKey = refusalsOf(key, asked);
            if (ofKey.isEmpty()) {
                return null;
            }
            for (Refused each : ofKey) {
                last = last == null || each.number() > last.number() ? each : last;
                since = each.since().isAfter(since) ? each.since() : since;
            }
        }
        return last == null ? null : new RecogniserRefusal(since, last.reason());
    }

    /** Keys, and pairs of a key and what it was used for, that are refused at present. */
    synchronized int refused() {
        current();
        return refused.size();
    }

    private List<DeepgramKeys.Key> current() {
        DeepgramKeys.Version current = keys.current();
        if (current.number() != version) {
            version = current.number();
            refused.clear();
        }
        return current.keys();
    }

    private List<Refused> refusalsOf(DeepgramKeys.Key key, DeepgramOptions asked) {
        List<Refused> both = new ArrayList<>(2);
        for (Subject subject : List.of(new Subject(key, null), new Subject(key, asked))) {
            Refused found = refused.get(subject);
            if (found != null) {
                both.add(found);
            }
        }
        return both;
    }

    private synchronized void accepted(DeepgramKeys.Key key, DeepgramOptions asked) {
        boolean wasRefused = refused.remove(new Subject(key, null)) != null;
        wasRefused |= refused.remove(new Subject(key, asked)) != null;
        if (wasRefused) {
            LOG.atInfo().log("Deepgram accepts {} again", key);
        }
    }

    private synchronized boolean refused(Trial trial, boolean whole, String reason) {
        if (!current().contains(trial.key)) {
            return false;
        }
        long now = nanoTime.getAsLong();
        Subject key = new Subject(trial.key, null);
        Subject pair = new Subject(trial.key, trial.asked);
        if (!whole) {
            // Deepgram knows a key of which it says what it may not be used for.
            refused.remove(key);
        }
        Subject subject = whole ? key : pair;
        Refused before = refused.get(subject);
        Instant since = before == null ? clock.instant() : before.since();
        CoolDown coolDown = before == null ? new CoolDown(first, most, now) : before.coolDown();
        refused.put(subject, new Refused(since, reason, refusals++, coolDown));
        if (trial.probe) {
            // Handshakes that began before the first refusal tell nothing of what a later one would find.
            if (before != null) {
                coolDown.failed(now);
            }
            Refused other = whole ? refused.get(pair) : null;
            if (other != null) {
                other.coolDown().failed(now);
            }
        }
        forgetOldest();
        return before == null;
    }

    private void forgetOldest() {
        if (refused.size() > MAX_REFUSALS) {
            refused.remove(refused.keySet().iterator().next());
        }
    }

    private synchronized void failed(DeepgramKeys.Key key, DeepgramOptions asked) {
        long now = nanoTime.getAsLong();
        refusalsOf(key, asked).forEach(each -> each.coolDown().failed(now));
    }

    /**
     * A key for one handshake; one of its methods is called once the handshake is over.
     *
     * <p>Thread-safety: safe.
     */
    final class Trial {

        private final DeepgramKeys.Key key;
        private final DeepgramOptions asked;
        private final boolean probe;

        private Trial(DeepgramKeys.Key key, DeepgramOptions asked, boolean probe) {
            this.key = key;
            this.asked = asked;
            this.probe = probe;
        }

        DeepgramKeys.Key key() {
            return key;
        }

        /** Deepgram took the key, and what was asked for with it. */
        void accepted() {
            KeyTrials.this.accepted(key, asked);
        }

        /**
         * Deepgram refused the key.
         *
         * @param whole whether the key is refused whatever it is used for
         * @param reason what Deepgram said, in words
         * @return whether that is news: it was not refused before
         */
        boolean refused(boolean whole, String reason) {
            return KeyTrials.this.refused(this, whole, reason);
        }

        /** The handshake told nothing of the key. */
        void failed() {
            if (probe) {
                KeyTrials.this.failed(key, asked);
            }
        }
    }
}
