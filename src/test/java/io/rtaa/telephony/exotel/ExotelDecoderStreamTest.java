package io.rtaa.telephony.exotel;

import static io.rtaa.telephony.exotel.ExotelDecoderFixture.START;
import static io.rtaa.telephony.exotel.ExotelDecoderFixture.STOP;
import static io.rtaa.telephony.exotel.ExotelDecoderFixture.media;
import static io.rtaa.telephony.exotel.ExotelDecoderFixture.pcmAt;
import static io.rtaa.telephony.exotel.ExotelDecoderFixture.startWith;
import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.AudioCoding;
import io.rtaa.telephony.exotel.ExotelDecoderFixture.Recorder;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which stream and track the decoder gives audio to, and what it does with audio that comes before its start. */
class ExotelDecoderStreamTest {

    private final ExotelDecoderFixture exotel = new ExotelDecoderFixture();
    private final Recorder heard = exotel.heard;

    @Test
    void understandsACall() {
        exotel.text("{\"event\":\"connected\",\"protocol\":\"Call\",\"version\":\"1.0\"}", START, media("abcd"), STOP);

        assertThat(heard.events).containsExactly("started S1", "audio abcd", "ended CALLENDED");
        assertThat(heard.start)
                .isEqualTo(new ExotelStart("S1", "C1", "acme1", "09992750105", "04446972319", AudioCoding.DEFAULT));
        assertThat(heard.anomalies).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tracks\":[\"inbound\",\"outbound\"]",
                "\"tracks\":\"inbound,outbound\"",
                "\"track\":\"both_tracks\"",
                "\"tracks\":[\"both\"]"
            })
    void endsACallThatAnnouncesMoreThanOneTrack(String tracks) {
        exotel.text("{\"event\":\"start\",\"stream_sid\":\"S1\",\"start\":{" + tracks + "}}", media("never"));

        assertThat(heard.events)
                .containsExactly(
                        "started S1", "refused start announces more than one track; allowed: one track a stream");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"tracks\":[\"inbound\"]",
                "\"track\":\"Inbound_track\"",
                "\"tracks\":[]",
                "\"tracks\":{\"track\":\"both\"}"
            })
    void takesTheTrackThatIsAnnouncedElseTheFirstOneAndDropsOthers(String tracks) {
        exotel.text("{\"event\":\"start\",\"stream_sid\":\"S1\",\"start\":{" + tracks + "}}");
        exotel.text(
                media("a", "inbound"),
                media("b", "outbound"),
                media("c"),
                media("d", "INBOUND"),
                media("e", "outbound"));

        assertThat(heard.events).containsExactly("started S1", "audio a", "audio c", "audio d");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.OTHER_TRACK, ExotelAnomaly.OTHER_TRACK);
    }

    @Test
    void givesAudioThatComesBeforeTheStartTheCodingOfTheStart() {
        exotel.connect("sample-rate=24000");
        exotel.text(media("ab"), media("c"), START.replace("\"8000\"", "\"16000\""), media("d"), STOP);

        assertThat(heard.events).containsExactly("started S1", "audio abc", "audio d", "ended CALLENDED");
        assertThat(heard.start)
                .isEqualTo(new ExotelStart("S1", "C1", "acme1", "09992750105", "04446972319", pcmAt(16000)));
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.MEDIA_BEFORE_START, ExotelAnomaly.MEDIA_BEFORE_START);
    }

    @Test
    void startsAStreamWithoutItsStartWhenThatHasNotComeForTwoSeconds() {
        exotel.connect("sample-rate=16000");
        exotel.text(media("a"));
        exotel.clock.advance(Duration.ofMillis(1999));
        exotel.text(media("b"));
        assertThat(heard.events).isEmpty();
        exotel.clock.advance(Duration.ofMillis(1));
        exotel.text(media("c"), START, media("d"));

        assertThat(heard.events).containsExactly("started S1", "audio abc", "audio d");
        assertThat(heard.start).isEqualTo(new ExotelStart("S1", null, null, null, null, pcmAt(16000)));
        assertThat(heard.anomalies).endsWith(ExotelAnomaly.DUPLICATE_START).hasSize(4);
    }

    @Test
    void startsAStreamWithoutItsStartWhenMoreAudioCameThanIsKept() {
        String frame = media("x".repeat(20_000));
        for (int i = 0; i < 10; i++) {
            exotel.text(frame);
        }

        assertThat(heard.events).hasSize(2).first().isEqualTo("started S1");
        assertThat(heard.audio)
                .singleElement()
                .satisfies(audio -> assertThat(audio).hasSize(200_000));
    }

    @Test
    void takesAudioWhoseStartNeverComesWhenTheConnectionGoes() {
        exotel.connect("sample-rate=16000");
        exotel.text(media("a"), media("b"));
        exotel.closed();
        exotel.closed();

        assertThat(heard.events).containsExactly("started S1", "audio ab");
        assertThat(heard.start.coding()).isEqualTo(pcmAt(16000));
    }

    @Test
    void takesAudioWhoseStartNeverComesWhenTheStopDoes() {
        exotel.text(
                "{\"event\":\"media\",\"media\":{\"payload\":\"YQ==\"}}",
                "{\"event\":\"stop\",\"stream_sid\":\"S1\",\"stop\":{\"account_sid\":\"acme1\"}}");

        assertThat(heard.events).containsExactly("started S1", "audio a", "ended STOPPED");
        assertThat(heard.start.accountSid()).isEqualTo("acme1");
    }

    @Test
    void givesAudioThatNamesNoStreamToTheStartThatFollows() {
        exotel.text("{\"event\":\"media\",\"media\":{\"payload\":\"YQ==\"}}", START, media("b"));

        assertThat(heard.events).containsExactly("started S1", "audio a", "audio b");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.MEDIA_BEFORE_START);
    }

    @Test
    void dropsAudioThatBelongsToNoStream() {
        exotel.text("{\"event\":\"media\",\"media\":{\"payload\":\"YWI=\"}}");
        exotel.closed();

        assertThat(heard.events).isEmpty();
        assertThat(heard.anomalies)
                .containsExactly(ExotelAnomaly.MEDIA_BEFORE_START, ExotelAnomaly.MEDIA_WITHOUT_STREAM);
    }

    @Test
    void keepsAudioThatComesBeforeItsStartFromTheStreamOfAnotherStart() {
        exotel.text(
                media("a"), START.replace("S1", "S2"), media("late"), media("b").replace("S1", "S2"));

        assertThat(heard.events).containsExactly("started S1", "audio a", "ended STOPPED", "started S2", "audio b");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.MEDIA_BEFORE_START, ExotelAnomaly.OTHER_STREAM);
    }

    @Test
    void dropsEarlyAudioOfAnotherTrackThanTheStartAnnounces() {
        exotel.text(media("a", "outbound"), media("b", "inbound"));
        exotel.text(
                "{\"event\":\"start\",\"stream_sid\":\"S1\",\"start\":{\"tracks\":[\"inbound\"]}}",
                media("c", "inbound"));

        assertThat(heard.events).containsExactly("started S1", "audio c");
        assertThat(heard.anomalies)
                .containsExactly(
                        ExotelAnomaly.MEDIA_BEFORE_START,
                        ExotelAnomaly.MEDIA_BEFORE_START,
                        ExotelAnomaly.OTHER_TRACK,
                        ExotelAnomaly.OTHER_TRACK);
    }

    @Test
    void refusesAStartThatAudioWaitedForWhereThatCannotBeTaken() {
        exotel.text(media("a"), startWith("\"encoding\":\"opus\""), media("b"));
        exotel.closed();

        assertThat(heard.events).hasSize(2).first().isEqualTo("started S1");
        assertThat(heard.events.get(1)).startsWith("refused encoding 'opus'");
    }

    @Test
    void takesDuplicatesOnce() {
        exotel.text(START, START, STOP, STOP, START, media("late"));

        assertThat(heard.events).containsExactly("started S1", "ended CALLENDED");
        assertThat(heard.anomalies)
                .containsSubsequence(
                        ExotelAnomaly.DUPLICATE_START,
                        ExotelAnomaly.STOP_WITHOUT_STREAM,
                        ExotelAnomaly.DUPLICATE_START,
                        ExotelAnomaly.MEDIA_AFTER_STOP);
    }

    @Test
    void endsTheFirstStreamWhenAnotherStarts() {
        exotel.text(START, START.replace("S1", "S2"), media("of the first"));

        assertThat(heard.events).containsExactly("started S1", "ended STOPPED", "started S2");
        assertThat(heard.anomalies).containsExactly(ExotelAnomaly.OTHER_STREAM);
    }
}
