package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioReceipt;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.StreamId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AudioBacklogTest {

    private static final StreamId STREAM = new StreamId("t", "s");
    private static final int BEHIND = 20;

    private final AudioBacklog backlog = new AudioBacklog(BEHIND);

    /** A window whose samples are their own numbers, as far as a sample can hold them. */
    private static AudioWindow window(long firstSample, int samples) {
        byte[] pcm = new byte[samples * 2];
        for (int i = 0; i < samples; i++) {
            pcm[2 * i] = (byte) (firstSample + i);
            pcm[2 * i + 1] = (byte) ((firstSample + i) >> 8);
        }
        return new AudioWindow(STREAM, 1, firstSample, 8000, pcm);
    }

    private static List<Long> samples(AudioWindow window) {
        List<Long> samples = new ArrayList<>();
        for (int i = 0; i < window.samples(); i++) {
            samples.add((window.pcm()[2 * i] & 0xffL) | ((window.pcm()[2 * i + 1] & 0xffL) << 8));
        }
        return samples;
    }

    @Test
    void aNewConnectionBeginsBehindTheCursorAndNotBeforeWhatIsKept() {
        backlog.add(window(0, 50), null);
        backlog.add(window(50, 50), null);
        backlog.advance(75);
        backlog.rewind(60);
        assertThat(samples(backlog.nextUnsent())).startsWith(60L).hasSize(40);
        backlog.rewind(0);
        assertThat(samples(backlog.nextUnsent())).startsWith(50L);
        backlog.rewind(90);
        assertThat(samples(backlog.nextUnsent())).startsWith(75L);
    }

    @Test
    void aWindowThatOverlapsIsTakenFromWhereItIsNew() {
        backlog.add(window(0, 50), null);
        assertThat(backlog.add(window(30, 50), null).isEmpty()).isTrue();
        backlog.markSent(backlog.nextUnsent());
        assertThat(samples(backlog.nextUnsent())).startsWith(50L).hasSize(30);
    }

    @Test
    void aRepeatsReceiptIsSettledWithItsOriginal() {
        List<String> settled = new ArrayList<>();
        backlog.add(window(0, 50), () -> settled.add("original"));
        backlog.add(window(0, 50), () -> settled.add("repeat"));
        assertThat(settled).isEmpty();
        backlog.release().forEach(AudioReceipt::settle);
        assertThat(settled).containsExactly("original", "repeat");
        backlog.add(window(0, 50), () -> settled.add("late"));
        assertThat(settled).endsWith("late");
    }

    @Test
    void dropsTheOldestThatIsNotFinalAndTellsTheRange() {
        for (int i = 0; i < 10; i++) {
            backlog.add(window(50L * i, 50), null);
        }
        backlog.advance(120);
        List<AudioReceipt> receipts = new ArrayList<>();
        AudioBacklog.Hole lost = backlog.dropBeyond(200, receipts);
        assertThat(lost).isEqualTo(new AudioBacklog.Hole(120, 300));
        assertThat(backlog.unfinalSamples()).isEqualTo(200);
        backlog.rewind(0);
        assertThat(samples(backlog.nextUnsent())).startsWith(300L);
    }

    /** Whatever comes in, is sent, made final and replayed: what is sent is every sample once, from where a replay began. */
    @Property(tries = 300)
    void sendsEverySampleOnceAfterEachRewind(@ForAll long seed) {
        Random random = new Random(seed);
        AudioBacklog audio = new AudioBacklog(BEHIND);
        long head = 0;
        long expected = 0;
        for (int step = 0; step < 200; step++) {
            switch (random.nextInt(4)) {
                case 0 -> {
                    int overlap = (int) Math.min(head, random.nextInt(30));
                    AudioWindow next = window(head - overlap, overlap + 1 + random.nextInt(60));
                    assertThat(audio.add(next, null).isEmpty()).isTrue();
                    head = next.endSample();
                }
                case 1 -> {
                    AudioWindow next = audio.nextUnsent();
                    if (next != null) {
                        List<Long> sent = samples(next);
                        assertThat(sent.get(0)).isEqualTo(expected & 0xffff);
                        expected = next.endSample();
                        audio.markSent(next);
                    }
                }
                case 2 -> {
                    audio.advance(random.nextLong(expected + 1));
                    assertThat(audio.cursor()).isLessThanOrEqualTo(Math.max(expected, audio.cursor()));
                }
                default -> {
                    long wanted = Math.max(0, audio.cursor() - random.nextInt(BEHIND + 1));
                    audio.rewind(wanted);
                    AudioWindow next = audio.nextUnsent();
                    expected = next == null ? head : next.firstSample();
                    assertThat(expected).isLessThanOrEqualTo(Math.max(wanted, audio.cursor()));
                }
            }
            assertThat(audio.head()).isEqualTo(head);
        }
    }
}
