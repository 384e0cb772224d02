package io.rtaa.asr;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioWindow;
import io.rtaa.call.StreamId;
import org.junit.jupiter.api.Test;

class AudioBacklogTest {

    private static final int WINDOW = 800;

    private final AudioBacklog backlog = new AudioBacklog(20 * WINDOW);

    private void addAndSend(int windows) {
        for (int i = 0; i < windows; i++) {
            AudioWindow window =
                    new AudioWindow(new StreamId("acme", "s1"), i + 1, (long) i * WINDOW, 8000, new byte[2 * WINDOW]);
            assertThat(backlog.add(window, null).isEmpty()).isTrue();
            backlog.markSent(window);
        }
    }

    @Test
    void aFinalWithinAReplayLeavesNoHoleInIt() {
        addAndSend(10);
        assertThat(backlog.advance(8 * WINDOW)).isEmpty();
        backlog.rewind(2 * WINDOW);
        backlog.markSent(backlog.nextUnsent());

        assertThat(backlog.advance(3 * WINDOW)).isEmpty();

        assertThat(backlog.cursor()).isEqualTo(8 * WINDOW);
        assertThat(backlog.nextUnsent().firstSample()).isEqualTo(3 * WINDOW);
    }
}
