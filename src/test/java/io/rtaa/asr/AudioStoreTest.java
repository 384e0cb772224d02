package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class AudioStoreTest {

    @Property(tries = 100)
    void givesBackWhatCameByItsName(@ForAll long seed) {
        Random random = new Random(seed);
        AudioStore store = new AudioStore();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int dropped = 0;
        for (int step = 0; step < 60; step++) {
            byte[] piece = new byte[random.nextInt(3 * AudioStore.BLOCK_BYTES)];
            random.nextBytes(piece);
            assertThat(store.append(piece)).isEqualTo(all.size());
            all.writeBytes(piece);
            assertThat(store.end()).isEqualTo(all.size());
            if (random.nextBoolean()) {
                dropped += random.nextInt(all.size() - dropped + 1);
                store.dropBefore(dropped);
            }
            int from = dropped + random.nextInt(all.size() - dropped + 1);
            int count = random.nextInt(all.size() - from + 1);
            assertThat(store.read(from, count)).isEqualTo(Arrays.copyOfRange(all.toByteArray(), from, from + count));
        }
    }

    @Test
    void saysWhatIsNotThere() {
        AudioStore store = new AudioStore();
        store.append(new byte[3 * AudioStore.BLOCK_BYTES]);
        store.dropBefore(AudioStore.BLOCK_BYTES);

        assertThatThrownBy(() -> store.read(0, 10)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> store.read(store.end() - 5, 10))
                .isInstanceOf(IndexOutOfBoundsException.class)
                .hasMessageContaining("there are 8192 to 24576");
    }
}
