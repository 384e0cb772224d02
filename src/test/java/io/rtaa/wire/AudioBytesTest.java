package io.rtaa.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.CallEnd;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallNote;
import io.rtaa.call.CallRelease;
import io.rtaa.call.CallStart;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class AudioBytesTest {

    private static final Set<EndReason> FIRST_REASONS = EnumSet.of(
            EndReason.STOPPED, EndReason.CALLENDED, EndReason.DISCONNECTED, EndReason.LOST, EndReason.DRAINED);

    private static final StreamId STREAM = new StreamId("acme", "s1");

    @Property(tries = 300)
    void readsWhatWasWritten(@ForAll("messages") AudioMessage message) {
        AudioMessage read = AudioBytes.read(AudioBytes.write(message));

        assertThat(read).usingRecursiveComparison().isEqualTo(message);
    }

    @Property(tries = 300)
    void saysWhatIsWrongWithBytesThatWereCutOff(@ForAll("messages") AudioMessage message, @ForAll double where) {
        byte[] whole = AudioBytes.write(message);
        int head = whole.length;
        if (message instanceof AudioWindow window) {
            // A window's audio may end anywhere; only its head is needed whole.
            head -= window.pcm().length;
        } else if (message instanceof CallEnd end && !FIRST_REASONS.contains(end.reason())) {
            // Without its second reason the message is one that the first readers understand.
            head -= Short.BYTES + end.reason().wireName().length();
        }
        int cut = (int) (Math.abs(where % 1) * head);

        assertThatIllegalArgumentException().isThrownBy(() -> AudioBytes.read(Arrays.copyOf(whole, cut)));
    }

    @Property(tries = 500)
    void neverFailsOtherwise(@ForAll byte[] rubbish) {
        try {
            assertThat(AudioBytes.read(rubbish)).isNotNull();
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Test
    void refusesAFormThatItDoesNotKnow() {
        byte[] message = AudioBytes.write(new CallEnd(STREAM, 7, 8000, EndReason.STOPPED, 0));
        message[0] = 2;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> AudioBytes.read(message))
                .withMessage("an audio message of form 2; allowed: 1");
    }

    @Test
    void givesFirstReadersAReasonThatTheyKnow() {
        byte[] stopped = AudioBytes.write(new CallEnd(STREAM, 7, 8000, EndReason.STOPPED, 0));
        byte[] refused = AudioBytes.write(new CallEnd(STREAM, 7, 8000, EndReason.REFUSED, 0));

        assertThat(Arrays.copyOf(refused, stopped.length)).isEqualTo(stopped);
        assertThat(AudioBytes.read(refused)).isEqualTo(new CallEnd(STREAM, 7, 8000, EndReason.REFUSED, 0));
    }

    @Test
    void aStartTellsTheIdOfItsRequestBehindWhatFirstReadersRead() {
        CallInfo info = new CallInfo(STREAM, "c", "s", null, "0999", 8000, 1_763_800_000_000L);
        byte[] without = AudioBytes.write(new CallStart(info));
        byte[] with = AudioBytes.write(new CallStart(info.withRequestId("r-1")));

        assertThat(Arrays.copyOf(with, without.length)).isEqualTo(without);
        assertThat(AudioBytes.read(with)).isEqualTo(new CallStart(info.withRequestId("r-1")));
    }

    @Test
    void aStartTellsTheSpanOfItsCallBehindWhatReadersBeforeRead() {
        CallInfo info = new CallInfo(STREAM, "c", "s", null, "0999", 8000, 1_763_800_000_000L).withRequestId("r-1");
        CallInfo traced = info.withTraceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
        byte[] without = AudioBytes.write(new CallStart(info));
        byte[] with = AudioBytes.write(new CallStart(traced));

        assertThat(Arrays.copyOf(with, without.length)).isEqualTo(without);
        assertThat(AudioBytes.read(with)).isEqualTo(new CallStart(traced));
        assertThat(AudioBytes.read(AudioBytes.write(new CallStart(traced.withRequestId(null)))))
                .isEqualTo(new CallStart(traced.withRequestId(null)));
    }

    /** A version before wrote the number alone. */
    @Test
    void readsAMessageWhoseLegIsNotTold() {
        byte[] message = AudioBytes.write(new CallEnd(STREAM, 7, 8000, EndReason.STOPPED, 0));

        assertThat(ByteBuffer.wrap(message).getLong(2 + 2 * Short.BYTES + "acmes1".length()))
                .isEqualTo(7);
        assertThat(AudioBytes.read(message).leg()).isZero();
    }

    @Test
    void refusesToWriteWhatIsMeantForOneProcess() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AudioBytes.write(new CallRelease(STREAM)))
                .withMessage("CallRelease travels on no bus; allowed: CallStart, AudioWindow, CallNote, CallEnd");
    }

    @Provide
    Arbitrary<AudioMessage> messages() {
        Arbitrary<StreamId> streams =
                Combinators.combine(ids(), ids()).as((tenant, interaction) -> new StreamId(tenant, interaction));
        Arbitrary<Long> numbers = Arbitraries.longs().greaterOrEqual(0);
        Arbitrary<Long> messageNumbers = Arbitraries.longs().between(0, (1 << 22) - 1);
        Arbitrary<Long> legs = Arbitraries.longs().between(0, (1L << 42) - 1);
        Arbitrary<Integer> rates = Arbitraries.of(8000, 16000, 24000);
        Arbitrary<String> texts = Arbitraries.strings().ofMaxLength(60).injectNull(0.3);
        Arbitrary<AudioMessage> starts = Combinators.combine(streams, texts, texts, texts, texts, rates, numbers)
                .as((stream, callSid, streamSid, from, to, rate, startedAt) ->
                        new CallStart(new CallInfo(stream, callSid, streamSid, from, to, rate, startedAt)));
        Arbitrary<byte[]> audio =
                Arbitraries.bytes().array(byte[].class).ofMaxSize(400).filter(pcm -> pcm.length % 2 == 0);
        Arbitrary<AudioMessage> windows = Combinators.combine(streams, messageNumbers, numbers, rates, audio, legs)
                .as((stream, number, sample, rate, pcm, leg) ->
                        new AudioWindow(stream, number, sample, rate, pcm, leg));
        Arbitrary<AudioMessage> ends = Combinators.combine(
                        streams, messageNumbers, numbers, Arbitraries.of(EndReason.class), legs)
                .as((stream, number, samples, reason, leg) -> new CallEnd(stream, number, samples, reason, leg));
        Arbitrary<AudioMessage> notes = Combinators.combine(
                        streams,
                        messageNumbers,
                        numbers,
                        rates,
                        Arbitraries.of(true, false),
                        Arbitraries.strings(),
                        legs)
                .as((stream, number, sample, rate, failed, text, leg) ->
                        new CallNote(stream, number, sample, rate, failed, text, leg));
        return Arbitraries.oneOf(starts, windows, notes, ends);
    }

    private static Arbitrary<String> ids() {
        return Arbitraries.strings()
                .withChars("abcXYZ019-_~ äß✓")
                .ofMinLength(1)
                .ofMaxLength(40)
                .filter(id -> !id.isBlank());
    }
}
