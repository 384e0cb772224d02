package io.rtaa.asr.deepgram;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.asr.CoolDown;
import io.rtaa.asr.RecogniserRefusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyTrialsTest {

    private static final DeepgramOptions USUAL = DeepgramOptions.DEFAULTS;
    private static final DeepgramOptions OTHER = USUAL.with(Map.of("model", "nova-2-medical"));
    private static final Instant NOW = Instant.ofEpochMilli(1_763_800_000_000L);

    @TempDir
    Path directory;

    private long nowNanos;

    private KeyTrials trials(DeepgramKeys keys) {
        return new KeyTrials(
                keys, CoolDown.DEFAULT_FIRST, CoolDown.DEFAULT_MOST, () -> nowNanos, Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private KeyTrials trials(String keys) {
        return trials(DeepgramKeys.of(keys));
    }

    private void passes(Duration time) {
        nowNanos += time.toNanos();
    }

    private static KeyTrials.Trial next(KeyTrials trials, DeepgramOptions asked) {
        return Objects.requireNonNull(trials.next(Set.of(), asked));
    }

    private static List<String> usable(KeyTrials trials, DeepgramOptions asked) {
        List<String> values = new ArrayList<>();
        Set<DeepgramKeys.Key> tried = new HashSet<>();
        for (KeyTrials.Trial trial = trials.next(tried, asked); trial != null; trial = trials.next(tried, asked)) {
            tried.add(trial.key());
            values.add(trial.key().authorization().substring("Token ".length()));
        }
        return values;
    }

    @Test
    void givesEachKeyOnceInItsOrder() {
        assertThat(usable(trials("one,two"), USUAL)).containsExactly("one", "two");
    }

    @Test
    void aRefusedKeyIsTriedAgainAfterASecondThenAfterTwiceAsLongAndAMinuteAtMost() {
        KeyTrials trials = trials("one");
        next(trials, USUAL).refused(true, "not valid");
        for (long seconds : new long[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            passes(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(trials.next(Set.of(), USUAL))
                    .as("after nearly %d s", seconds)
                    .isNull();
            passes(Duration.ofMillis(1));
            next(trials, USUAL).refused(true, "not valid");
        }
    }

    @Test
    void oneHandshakeAtATimeTriesARefusedKey() {
        KeyTrials trials = trials("one");
        next(trials, USUAL).refused(true, "not valid");
        passes(CoolDown.DEFAULT_FIRST);

        KeyTrials.Trial probe = next(trials, USUAL);
        assertThat(trials.next(Set.of(), USUAL)).isNull();
        assertThat(trials.next(Set.of(), OTHER)).isNull();
        probe.accepted();

        assertThat(usable(trials, USUAL)).containsExactly("one");
        assertThat(usable(trials, USUAL)).containsExactly("one");
        assertThat(trials.refusal(USUAL)).isNull();
    }

    @Test
    void aHandshakeThatToldNothingOfTheKeyIsMadeAgain() {
        KeyTrials trials = trials("one");
        next(trials, USUAL).refused(true, "not valid");
        passes(CoolDown.DEFAULT_FIRST);

        next(trials, USUAL).failed();

        assertThat(trials.refusal(USUAL)).isNotNull();
        passes(CoolDown.DEFAULT_FIRST.multipliedBy(2));
        assertThat(usable(trials, USUAL)).containsExactly("one");
    }

    @Test
    void handshakesThatWereUnderWayWithTheKeyLengthenNothing() {
        KeyTrials trials = trials("one");
        List<KeyTrials.Trial> underWay = List.of(next(trials, USUAL), next(trials, USUAL), next(trials, USUAL));

        underWay.forEach(trial -> trial.refused(true, "not valid"));

        passes(CoolDown.DEFAULT_FIRST);
        assertThat(usable(trials, USUAL)).containsExactly("one");
    }

    @Test
    void aKeyThatMayNotBeUsedForOneModelStaysInUseForOthers() {
        KeyTrials trials = trials("one");
        next(trials, OTHER).refused(false, "no access to this model");

        assertThat(trials.refusal(OTHER)).isEqualTo(new RecogniserRefusal(NOW, "no access to this model"));
        assertThat(usable(trials, OTHER)).isEmpty();
        assertThat(trials.refusal(USUAL)).isNull();
        assertThat(usable(trials, USUAL)).containsExactly("one");
        assertThat(trials.refused()).isEqualTo(1);
    }

    @Test
    void aForbiddenModelDoesNotKeepAKeyRefusedThatIsValidAgain() {
        KeyTrials trials = trials("one");
        next(trials, USUAL).refused(true, "not valid");
        passes(CoolDown.DEFAULT_FIRST);

        next(trials, OTHER).refused(false, "no access to this model");

        assertThat(usable(trials, USUAL)).containsExactly("one");
        assertThat(usable(trials, OTHER)).isEmpty();
    }

    @Test
    void otherKeysGoOnWhileOneCoolsDown() {
        KeyTrials trials = trials("one,two");
        next(trials, USUAL).refused(true, "no credit");

        assertThat(usable(trials, USUAL)).containsExactly("two");
        assertThat(trials.refusal(USUAL)).isNull();
        assertThat(trials.refused()).isEqualTo(1);
    }

    @Test
    void keysThatChangeInTheirFileStartAfresh() throws IOException {
        Path file = Files.writeString(directory.resolve("keys"), "old,other\n");
        DeepgramKeys keys = DeepgramKeys.ofFile(file, () -> nowNanos);
        KeyTrials trials = trials(keys);
        KeyTrials.Trial late = next(trials, USUAL);
        next(trials, USUAL).refused(true, "not valid");
        keys.refresh();
        assertThat(usable(trials, USUAL)).as("while the file stays").containsExactly("other");

        Files.writeString(file, "fresh,other\n");
        keys.refresh();
        late.refused(true, "not valid");

        assertThat(usable(trials, USUAL)).containsExactly("fresh", "other");
        assertThat(trials.refused()).isZero();
    }

    @Test
    void remembersSoManyRefusalsAtMost() {
        KeyTrials trials = trials("one");
        for (int i = 0; i <= KeyTrials.MAX_REFUSALS; i++) {
            next(trials, USUAL.with(Map.of("tag", "tag-" + i))).refused(false, "no access to this model");
        }
        assertThat(trials.refused()).isEqualTo(KeyTrials.MAX_REFUSALS);
    }
}
