package io.rtaa.audio;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallStart;
import io.rtaa.call.Leg;
import java.io.ByteArrayOutputStream;
import java.util.List;

/** What must hold for every stream that was published whole. */
final class Assertions {

    private Assertions() {}

    /** Start first, end last, numbers and samples without a hole; returns the audio. */
    static byte[] assertComplete(List<AudioMessage> messages, Leg leg, long totalSamples) {
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        long sample = 0;
        for (int i = 0; i < messages.size(); i++) {
            AudioMessage message = messages.get(i);
            assertThat(message.stream()).isEqualTo(leg.stream());
            assertThat(message.number()).isEqualTo(i);
            if (message instanceof AudioWindow window) {
                assertThat(window.firstSample()).isEqualTo(sample);
                sample = window.endSample();
                audio.writeBytes(window.pcm());
            }
        }
        assertThat(sample).isEqualTo(totalSamples);
        assertThat(messages.get(0)).isInstanceOf(CallStart.class);
        assertThat(messages.get(messages.size() - 1))
                .isInstanceOfSatisfying(
                        CallEnd.class, end -> assertThat(end.totalSamples()).isEqualTo(totalSamples));
        return audio.toByteArray();
    }
}
