package io.rtaa.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MarkTest {

    private final Mark mark = new Mark(17, 3, 1_234_567_890_123L);

    @Test
    void isFoundWhereItWasWritten() {
        byte[] frame = new byte[320];
        mark.write(frame);
        byte[] window = new byte[1600];
        System.arraycopy(frame, 0, window, 640, frame.length);

        assertThat(Mark.read(window, 640)).isEqualTo(mark);
        assertThat(Mark.read(window, 320)).isNull();
        assertThat(Mark.read(window, window.length - 4)).isNull();
    }

    @Test
    void isNotTakenForWhatItIsNotOnceASampleChanged() {
        byte[] frame = new byte[320];
        mark.write(frame);
        frame[12]++;

        assertThat(Mark.read(frame, 0)).isNull();
    }
}
