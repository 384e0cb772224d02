package io.rtaa.asr;

import io.rtaa.asr.RecogniserFailure.Kind;
import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a provider that refuses calls whether it still does, by a connection without audio that is closed as soon as it
 * is open. The probe needs no call: a process that a load balancer took out of service finds out that it may come back.
 *
 * <p>Two refusals are told apart. A provider says by {@link RecogniserProvider#refusal} that it takes no call; calls
 * then wait for the probe. Settings that were refused to one call are probed before they count: what was refused may
 * have been that call's own. They hold no other call up.
 *
 * <p>Thread-safety: safe. The provider is called outside of any lock.
 */
final class RefusalProbe {

    /** How often a provider that refuses is asked. The provider spares its service beyond that, see its contract. */
    static final Duration ASK_EVERY = Duration.ofSeconds(1);

    /** A connection that has neither opened nor closed after this time is given up. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Logs and traces of a probe carry these ids. */
    private static final CallInfo NO_CALL =
            new CallInfo(new StreamId("rtaa", "probe"), null, null, null, null, 8000, 0);

    private static final Logger LOG = LoggerFactory.getLogger(RefusalProbe.class);

    private final RecogniserProvider provider;
    private final SessionTime time;

    private @Nullable Asking asking;
    private long nextNanos;
    /** Set from the moment a call's settings were refused until a probe tells whether others are refused, too. */
    private boolean settingsDoubted;
    /** Both are set while the settings are refused. */
    private @Nullable RecogniserRefusal settingsRefusal;

    private @Nullable CoolDown settingsCoolDown;

    RefusalProbe(RecogniserProvider provider, SessionTime time) {
        this.provider = provider;
        this.time = time;
        this.nextNanos = time.nanos();
    }

    /** Why the provider takes no call, or refuses the settings of all; null where it may take one. */
    @Nullable
    RecogniserRefusal refusal() {
        RecogniserRefusal known = provider.refusal();
        if (known != null) {
            return known;
        }
        synchronized (this) {
            return settingsRefusal;
        }
    }

    /** A call's connection was refused for its settings. */
    synchronized void doubtSettings() {
        settingsDoubted = settingsRefusal == null;
    }

    /** A connection was opened: the provider accepts what it is asked for. */
    synchronized void accepted() {
        settingsDoubted = false;
        settingsRefusal = null;
        settingsCoolDown = null;
    }

    /** Asks, if it is time to. */
    void tick() {
        Asking unanswered = null;
        Asking fresh = null;
        boolean refuses = provider.refusal() != null;
        synchronized (this) {
            long now = time.nanos();
            if (asking != null) {
                unanswered = now - asking.begunNanos >= PATIENCE.toNanos() ? asking : null;
            } else if (now - nextNanos >= 0 && (refuses || isSettingsProbeDue(now))) {
                fresh = new Asking(now);
                asking = fresh;
            }
        }
        if (unanswered != null) {
            unanswered.closed(RecogniserFailure.retryable("unanswered", "a probe was not answered"));
        } else if (fresh != null) {
            fresh.open();
        }
    }

    private boolean isSettingsProbeDue(long now) {
        return settingsDoubted || (settingsCoolDown != null && settingsCoolDown.isDue(now));
    }

    /** @param failure null where the connection was opened */
    private synchronized void answered(Asking from, @Nullable RecogniserFailure failure) {
        if (asking != from) {
            return;
        }
        asking = null;
        long now = time.nanos();
        nextNanos = now + ASK_EVERY.toNanos();
        if (failure == null) {
            accepted();
            return;
        }
        settingsDoubted = false;
        if (settingsCoolDown != null) {
            settingsCoolDown.failed(now);
        } else if (failure.kind() == Kind.SETTINGS_REFUSED) {
            settingsCoolDown = new CoolDown(CoolDown.DEFAULT_FIRST, CoolDown.DEFAULT_MOST, now);
            settingsRefusal = new RecogniserRefusal(Instant.ofEpochMilli(time.epochMillis()), failure.reason());
        }
    }

    /** One probe: a connection that carries no audio. */
    private final class Asking implements RecogniserListener {

        private final long begunNanos;
        private @Nullable RecogniserConnection connection;
        private boolean over;

        Asking(long begunNanos) {
            this.begunNanos = begunNanos;
        }

        void open() {
            try {
                takes(provider.open(new RecogniserRequest(NO_CALL), this));
            } catch (RuntimeException | Error e) {
                LOG.atWarn()
                        .addKeyValue("provider", provider.name())
                        .setCause(e)
                        .log("A probe of the recogniser failed");
                closed(RecogniserFailure.retryable("probe_failed", "a probe failed: " + e));
            }
        }

        private void takes(RecogniserConnection opened) {
            synchronized (this) {
                if (!over) {
                    connection = opened;
                    return;
                }
            }
            opened.abort();
        }

        private void end() {
            RecogniserConnection last;
            synchronized (this) {
                over = true;
                last = connection;
                connection = null;
            }
            if (last != null) {
                last.abort();
            }
        }

        @Override
        public void opened() {
            end();
            answered(this, null);
        }

        @Override
        public void closed(@Nullable RecogniserFailure failure) {
            end();
            answered(this, failure);
        }

        @Override
        public void partial(RecognisedSpan span) {
            // No audio, no words.
        }

        @Override
        public void finalResult(RecognisedSpan span) {
            // No audio, no words.
        }

        @Override
        public void utteranceEnd() {
            // No audio, no words.
        }

        @Override
        public void alive() {
            // A probe waits for the connection only.
        }
    }
}
