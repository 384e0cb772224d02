package io.rtaa.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.RtaaApplication;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.Leg;
import io.rtaa.call.LegEvent;
import io.rtaa.call.SocketHeaders;
import io.rtaa.call.StreamId;
import io.rtaa.testsupport.AudioRecorder;
import java.util.List;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.test.spring.junit5.CamelSpringBootTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;

/** The windows of one tenant are longer than those of all others. */
@CamelSpringBootTest
@SpringBootTest(
        classes = RtaaApplication.class,
        properties = {
            "rtaa.port=0",
            "rtaa.roles=ingest,asr",
            "rtaa.routes=docs/examples/windows-by-tenant,classpath:routes-under-test/recording.camel.yaml"
        })
@DirtiesContext
class WindowsByTenantExampleTest {

    private static final int FRAME_SAMPLES = 160;
    private static final int FRAMES = 60;

    @TestConfiguration(proxyBeanMethods = false)
    static class Recogniser {
        @Bean
        AudioRecorder audioRecorder() {
            return new AudioRecorder();
        }
    }

    @Autowired
    private ProducerTemplate template;

    @Autowired
    private AudioRecorder recogniser;

    @Test
    void aTenantWithLengthsOfItsOwnHasLongerWindows() {
        call("acme", "one");
        call("other", "two");

        await().until(() -> recogniser.hasEnded("one") && recogniser.hasEnded("two"));
        assertThat(windowMillis("one")).contains(300L).allMatch(millis -> millis <= 300);
        assertThat(windowMillis("two")).contains(100L).allMatch(millis -> millis <= 100);
    }

    /** A call of 1.2 s in frames of 20 ms, as a caller's protocol hands them on. */
    private void call(String tenant, String id) {
        Leg leg = new Leg(new CallInfo(new StreamId(tenant, id), null, null, null, null, 8000, 0));
        send(new LegEvent.Started(leg));
        for (int frame = 0; frame < FRAMES; frame++) {
            send(new LegEvent.Audio(leg, (long) frame * FRAME_SAMPLES, new byte[2 * FRAME_SAMPLES]));
        }
        send(new LegEvent.Ended(leg, (long) FRAMES * FRAME_SAMPLES, EndReason.CALLENDED));
    }

    private void send(LegEvent event) {
        template.sendBodyAndHeader(
                "direct:windows",
                event,
                SocketHeaders.CONNECTION_KEY,
                event.leg().stream().toString());
    }

    private List<Long> windowMillis(String id) {
        return recogniser.messages(id).stream()
                .filter(AudioWindow.class::isInstance)
                .map(message -> ((AudioWindow) message).samples() * 1000L / 8000)
                .toList();
    }
}
