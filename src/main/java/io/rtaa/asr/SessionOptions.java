package io.rtaa.asr;

import java.time.Duration;

/**
 * How sessions behave, whoever recognises.
 *
 * @param keepAudio the most unfinalised audio kept for a stream; beyond it the oldest is dropped and reported as a gap
 * @param partialInterval partials of a stream are published at most this often, the latest one winning
 * @param frozenAfter how long a recogniser may say nothing of any kind while audio goes in; a connection that is silent for
 *     longer counts as lost, unless silence means nothing with that recogniser
 * @param unheardAfter how long a stream may get speech without a transcript until that is an alarm
 * @param retryBase upper bound of the first wait before a lost connection is opened again; doubles with each try
 * @param retryCap the upper bound never grows beyond this
 * @param drainTimeout how long nothing may come of a stream that has ended, until what is left of it is given up
 * @param lostAfter how long a stream may send nothing at all before it ends as lost; zero for as long as it likes, where its
 *     caller's end cannot get lost
 * @param eventLimit transcript events of a stream that may wait to be published; beyond it no more audio is sent to the
 *     recogniser until they have gone out
 */
public record SessionOptions(
        Duration keepAudio,
        Duration partialInterval,
        Duration frozenAfter,
        Duration unheardAfter,
        Duration retryBase,
        Duration retryCap,
        Duration drainTimeout,
        Duration lostAfter,
        int eventLimit) {

    public static final Duration DEFAULT_KEEP_AUDIO = Duration.ofSeconds(60);
    public static final Duration DEFAULT_PARTIAL_INTERVAL = Duration.ofMillis(100);
    /** Longer than any recogniser ponders, short enough that the audio replayed is soon caught up with. */
    public static final Duration DEFAULT_FROZEN_AFTER = Duration.ofSeconds(8);
    /** Longer than it takes to notice a frozen connection and to open another. */
    public static final Duration DEFAULT_UNHEARD_AFTER = Duration.ofSeconds(15);

    public static final Duration DEFAULT_RETRY_BASE = Duration.ofSeconds(1);
    public static final Duration DEFAULT_RETRY_CAP = Duration.ofSeconds(10);
    /** Ample for a recogniser in this process that still has to work through a late backlog. */
    public static final Duration DEFAULT_DRAIN_TIMEOUT = Duration.ofSeconds(60);

    public static final int DEFAULT_EVENT_LIMIT = 1000;

    /** The defaults above. */
    public static final SessionOptions DEFAULTS = new SessionOptions(
            DEFAULT_KEEP_AUDIO,
            DEFAULT_PARTIAL_INTERVAL,
            DEFAULT_FROZEN_AFTER,
            DEFAULT_UNHEARD_AFTER,
            DEFAULT_RETRY_BASE,
            DEFAULT_RETRY_CAP,
            DEFAULT_DRAIN_TIMEOUT,
            Duration.ZERO,
            DEFAULT_EVENT_LIMIT);

    public SessionOptions {
        requirePositive("keepAudio", keepAudio);
        requirePositive("frozenAfter", frozenAfter);
        requireAtLeast("unheardAfter", unheardAfter, Duration.ofSeconds(1));
        requirePositive("retryBase", retryBase);
        requirePositive("retryCap", retryCap);
        requirePositive("drainTimeout", drainTimeout);
        requireNotNegative("partialInterval", partialInterval);
        requireNotNegative("lostAfter", lostAfter);
        if (eventLimit < 1) {
            throw new IllegalArgumentException("eventLimit is " + eventLimit + "; allowed: 1 or more");
        }
    }

    /** The same with another {@code lostAfter}. */
    public SessionOptions withLostAfter(Duration silence) {
        return new SessionOptions(
                keepAudio,
                partialInterval,
                frozenAfter,
                unheardAfter,
                retryBase,
                retryCap,
                drainTimeout,
                silence,
                eventLimit);
    }

    private static void requireAtLeast(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: " + least + " or more");
        }
    }

    private static void requireNotNegative(String name, Duration value) {
        if (value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: zero or more");
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: more than zero");
        }
    }
}
