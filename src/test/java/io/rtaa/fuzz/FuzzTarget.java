package io.rtaa.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.rtaa.asr.deepgram.DeepgramParsing;
import io.rtaa.bus.Speech;
import io.rtaa.call.CallInfo;
import io.rtaa.call.CallNote;
import io.rtaa.call.CidrList;
import io.rtaa.call.EndReason;
import io.rtaa.call.Handshake;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.PeerKind;
import io.rtaa.call.Role;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.TranscriptEvent.State;
import io.rtaa.call.TranscriptEvent.Status;
import io.rtaa.call.TranscriptProgress;
import io.rtaa.dashboard.TranscriptShowing;
import io.rtaa.edge.security.CredentialParsing;
import io.rtaa.edge.security.IpAllowList;
import io.rtaa.edge.security.JwtVerifier;
import io.rtaa.edge.security.PathPrefixes;
import io.rtaa.edge.security.PublicKeys;
import io.rtaa.edge.security.PublicUrl;
import io.rtaa.edge.security.RsaKeys;
import io.rtaa.edge.security.ServerCertificate;
import io.rtaa.edge.security.TokenRules;
import io.rtaa.simulator.WavException;
import io.rtaa.simulator.WavReader;
import io.rtaa.telephony.exotel.ExotelDecoder;
import io.rtaa.telephony.pcm.PcmDecoder;
import io.rtaa.wire.AudioBytes;
import io.rtaa.wire.KeepAliveJson;
import io.rtaa.wire.TranscriptJson;
import io.rtaa.wire.TranscriptReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A parser of bytes from outside. {@link #read} returns where the parser gives a value or refuses as it documents;
 * whatever else comes of an input is thrown, and is a fault.
 */
public enum FuzzTarget {
    EXOTEL(
            "{\"event\":\"connected\"}",
            "{\"event\":\"start\",\"sequence_number\":1,\"stream_sid\":\"s\",\"start\":{\"stream_sid\":\"s\",\"call_sid\":\"c\","
                    + "\"account_sid\":\"a\",\"from\":\"0999\",\"to\":\"0444\",\"custom_parameters\":{\"k\":\"v\"},"
                    + "\"media_format\":{\"encoding\":\"base64\",\"sample_rate\":\"8000\",\"bit_rate\":\"128kbps\"}}}",
            "{\"event\":\"media\",\"sequence_number\":3,\"stream_sid\":\"s\",\"media\":{\"chunk\":2,\"timestamp\":\"20\","
                    + "\"payload\":\"AAECAwQFBgcICQoLDA0ODw==\"}}",
            "{\"event\":\"dtmf\",\"stream_sid\":\"s\",\"dtmf\":{\"duration\":\"100\",\"digit\":\"5\"}}",
            "{\"event\":\"mark\",\"stream_sid\":\"s\",\"mark\":{\"name\":\"m\"}}",
            "{\"event\":\"stop\",\"sequence_number\":9,\"stream_sid\":\"s\",\"stop\":{\"call_sid\":\"c\",\"account_sid\":\"a\","
                    + "\"reason\":\"callended\"}}") {
        @Override
        public void read(byte[] input) {
            ExotelDecoder fresh = new ExotelDecoder(text(input), Clock.systemUTC());
            fresh.text(text(input));
            fresh.binary(input);
            fresh.closed();
            ExotelDecoder running = new ExotelDecoder("sample-rate=8000", Clock.systemUTC());
            running.text(text(seeds().get(1)));
            running.binary(input);
            running.text(text(seeds().get(2)));
            running.closed();
        }
    },
    PCM(
            "{\"event\":\"start\",\"interaction_id\":\"i\",\"tenant_id\":\"t\",\"sample_rate\":8000,\"encoding\":\"pcm16\","
                    + "\"channels\":1,\"from\":\"1\",\"to\":\"2\"}",
            "{\"type\":\"keepalive\"}",
            "{\"event\":\"stop\"}",
            "\0\1\2\3\4\5\6\7") {
        @Override
        public void read(byte[] input) {
            PcmDecoder fresh = new PcmDecoder();
            fresh.text(text(input));
            fresh.binary(input);
            PcmDecoder running = new PcmDecoder();
            running.text(text(seeds().get(0)));
            running.binary(input);
            running.text(text(input));
        }
    },
    DEEPGRAM(
            "{\"type\":\"Results\",\"channel_index\":[0,1],\"duration\":1.5,\"start\":0.25,\"is_final\":true,"
                    + "\"speech_final\":true,\"from_finalize\":false,\"channel\":{\"alternatives\":[{\"transcript\":\"good"
                    + " morning\",\"confidence\":0.98,\"languages\":[\"en\"],\"words\":[{\"word\":\"good\",\"start\":0.25,"
                    + "\"end\":0.5,\"confidence\":0.9,\"speaker\":0,\"punctuated_word\":\"Good\",\"language\":\"en\"}]}]},"
                    + "\"metadata\":{\"request_id\":\"r\",\"model_info\":{\"name\":\"nova\"}}}",
            "{\"type\":\"UtteranceEnd\",\"channel\":[0,1],\"last_word_end\":2.395}",
            "{\"type\":\"SpeechStarted\",\"timestamp\":9.54}",
            "{\"type\":\"Error\",\"description\":\"d\",\"message\":\"m\",\"variant\":\"v\"}",
            "{\"type\":\"Metadata\",\"transaction_key\":\"deprecated\",\"duration\":25.1,\"channels\":1}") {
        @Override
        public void read(byte[] input) {
            DeepgramParsing.read(text(input));
        }
    },
    DEEPGRAM_REFUSAL(
            "{\"err_code\":\"INVALID_AUTH\",\"err_msg\":\"Invalid credentials.\",\"request_id\":\"r\"}",
            "DATA-0000: the audio cannot be decoded",
            "<html><body>502 Bad Gateway</body></html>") {
        @Override
        public void read(byte[] input) {
            DeepgramParsing.refusal(input);
        }
    },
    TRANSCRIPT(transcripts()) {
        @Override
        public void read(byte[] input) {
            TranscriptReader.streamOf(input);
            TranscriptEvent event;
            try {
                event = TranscriptReader.read(input);
            } catch (IllegalArgumentException refused) {
                requireMessage(refused);
                return;
            }
            if (event != null) {
                TranscriptJson.write(event);
                TranscriptShowing.show(event);
                TranscriptProgress progress = new TranscriptProgress(Seeds.INFO);
                progress.add(event);
                progress.resume(0);
            }
        }
    },
    KEEP_ALIVE(List.of(KeepAliveJson.write(new KeepAlive(Seeds.CALL.stream(), 1, null)))) {
        @Override
        public void read(byte[] input) {
            try {
                KeepAliveJson.read(input);
            } catch (IllegalArgumentException refused) {
                requireMessage(refused);
            }
        }
    },
    AUDIO(audio()) {
        @Override
        public void read(byte[] input) {
            try {
                AudioBytes.read(input);
            } catch (IllegalArgumentException refused) {
                requireMessage(refused);
            }
        }
    },
    WAV(List.of(wav(1, 16), wav(6, 8), wav(0xFFFE, 16))) {
        @Override
        public void read(byte[] input) {
            try {
                WavReader.parse(input);
            } catch (WavException refused) {
                requireMessage(refused);
            }
        }
    },
    CIDR("192.0.2.0/24, 2001:db8::/32, ::1, 127.0.0.1, ::ffff:192.0.2.0/120", "fe80::1%eth0/64") {
        @Override
        public void read(byte[] input) {
            CidrList.parse("0.0.0.0/0,::/0").contains(text(input));
            try {
                CidrList.parse(text(input)).contains("192.0.2.7");
            } catch (IllegalArgumentException refused) {
                requireMessage(refused);
            }
        }
    },
    FORWARDED("203.0.113.9, 198.51.100.7:4711, [2001:db8::1]:80, 127.0.0.1", "unknown, _hidden, ::ffff:1.2.3.4") {
        @Override
        public void read(byte[] input) {
            CidrList everyone = CidrList.parse("0.0.0.0/0,::/0");
            Handshake handshake = handshake(null, Map.of("x-forwarded-for", text(input)));
            new IpAllowList(everyone, everyone).allows(handshake);
        }
    },
    PREFIX("/rtaa", "/a/b, /rtaa/live") {
        @Override
        public void read(byte[] input) {
            new PathPrefixes(null, CidrList.parse("127.0.0.1"))
                    .of(text(input) + "/api", "127.0.0.1", List.of(text(input)));
        }
    },
    URL("https://user:pass@example.org:8443/rtaa/", "http://[2001:db8::1]:80", "https://my_host") {
        @Override
        public void read(byte[] input) {
            try {
                PublicUrl.parse(text(input));
            } catch (IllegalArgumentException refused) {
                requireMessage(refused);
            }
        }
    },
    QUERY("token=e.y.J&interaction_id=a%20b&sample-rate=8000&x", "token&token=%&%74oken=1&&=&a=%ff%00") {
        @Override
        public void read(byte[] input) {
            Handshake handshake = handshake(text(input), Map.of());
            if (handshake.query() != null
                    && !Handshake.queryValues(handshake.query(), "token").isEmpty()) {
                throw new AssertionError("a token is left in the query");
            }
            Handshake.queryValues(text(input), "interaction_id");
        }
    },
    OUTSIDE_ADDRESS("example.org:8443", "[2001:db8::1]:80", "EXAMPLE.org., other", "wss") {
        @Override
        public void read(byte[] input) {
            for (String header : List.of("host", "x-forwarded-host", "x-forwarded-proto", "x-forwarded-prefix")) {
                CredentialParsing.outsideAddress(handshake(null, Map.of("accept", "*/*", header, text(input))));
            }
        }
    },
    ORIGIN("https://example.org", "http://[::1]:8080", "null", "http://EXAMPLE.org.:80") {
        @Override
        public void read(byte[] input) {
            for (String host : List.of("example.org", text(input))) {
                CredentialParsing.origin(handshake(null, Map.of("origin", text(input), "host", host)));
            }
        }
    },
    BASIC("ZXhvdGVsOnNlY3JldA==", "ZXhvdGVs") {
        @Override
        public void read(byte[] input) {
            String user = CredentialParsing.basic(text(input));
            if (user != null && !user.equals("exotel")) {
                throw new AssertionError("another user: " + user);
            }
        }
    },
    JWT(List.of(
            utf8(CredentialParsing.token(Role.VIEWER)), utf8(CredentialParsing.token(Role.CALLER)), utf8("e30.e30."))) {
        @Override
        public void read(byte[] input) {
            Seeds.VERIFIER.verify(text(input)).toCompletableFuture().join();
        }
    },
    STREAM_TOKEN(List.of(utf8(CredentialParsing.mintStreamToken()), utf8("e30.e30."))) {
        @Override
        public void read(byte[] input) {
            CredentialParsing.streamToken(text(input));
        }
    },
    JWKS(
            "{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"k\",\"use\":\"sig\",\"alg\":\"RS256\",\"e\":\"AQAB\",\"n\":\"%s\"}]}"
                    .formatted("u".repeat(342)),
            "{\"keys\":[{\"kty\":\"EC\",\"kid\":\"k\",\"crv\":\"P-256\",\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                    + "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}",
            "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"},{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"AAAA\"}]}") {
        @Override
        public void read(byte[] input) {
            CredentialParsing.jwks(text(input));
        }
    },
    PEM(CredentialParsing.pem().stream().map(FuzzTarget::utf8).toList()) {
        @Override
        public void read(byte[] input) {
            // Other texts name files.
            String pem = PublicKeys.isPem(text(input)) ? text(input) : "-----BEGIN " + text(input);
            for (Consumer<String> reader : List.<Consumer<String>>of(
                    PublicKeys::ofPem, RsaKeys::privateKey, text -> ServerCertificate.ofPem(text, text))) {
                try {
                    reader.accept(pem);
                } catch (IllegalArgumentException refused) {
                    requireMessage(refused);
                }
            }
        }
    };

    @SuppressWarnings("ImmutableEnumChecker") // The mutations change copies.
    private final List<byte[]> seeds;

    FuzzTarget(String... seeds) {
        this(Arrays.stream(seeds).map(seed -> seed.getBytes(UTF_8)).toList());
    }

    FuzzTarget(List<byte[]> seeds) {
        this.seeds = seeds;
    }

    /** Reads an input; throws what is neither a value nor a documented refusal. */
    public abstract void read(byte[] input) throws IOException;

    /** Inputs as well-meaning peers send them. */
    public List<byte[]> seeds() {
        return seeds;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(UTF_8);
    }

    private static String text(byte[] input) {
        return new String(input, UTF_8);
    }

    private static void requireMessage(Exception refused) {
        if (refused.getMessage() == null || refused.getMessage().isBlank()) {
            throw new AssertionError("a refusal that does not say why", refused);
        }
    }

    private static Handshake handshake(@Nullable String query, Map<String, String> headers) {
        return Handshake.of(PeerKind.CALLER, "/", query, "127.0.0.1", headers.entrySet(), true);
    }

    private static List<byte[]> transcripts() {
        Speech call = Seeds.CALL;
        return Stream.of(
                        call.started(1),
                        call.after(60_000).started(9),
                        call.partial(2, 1),
                        call.words(3, 1, 3),
                        new Status(call.stream(), 4, 1, State.RETRYING, "deepgram", "away"),
                        new Gap(call.stream(), 5, 1, 100, 200, "lost"),
                        call.ended(6, 3, EndReason.DISCONNECTED),
                        new CallErased(call.stream(), 7, 1, 1))
                .map(event -> TranscriptJson.write(event).getBytes(UTF_8))
                .toList();
    }

    private static List<byte[]> audio() {
        Speech call = Seeds.CALL;
        return Stream.concat(
                        call.whole(1).stream(),
                        Stream.of(
                                call.end(1, EndReason.REFUSED),
                                new CallNote(call.stream(), 2, 800, 8000, true, "note", 1)))
                .map(AudioBytes::write)
                .toList();
    }

    private static byte[] wav(int encoding, int bits) {
        int formatBytes = encoding == 0xFFFE ? 40 : 16;
        ByteBuffer wav = ByteBuffer.allocate(28 + formatBytes + 8 + 3 + 8 + 8).order(ByteOrder.LITTLE_ENDIAN);
        wav.put("RIFF".getBytes(ISO_8859_1)).putInt(wav.capacity() - 8).put("WAVEfmt ".getBytes(ISO_8859_1));
        wav.putInt(formatBytes).putShort((short) encoding).putShort((short) 1).putInt(8000);
        wav.putInt(8000 * bits / 8).putShort((short) (bits / 8)).putShort((short) bits);
        if (formatBytes > 16) {
            wav.putShort((short) 22).putShort((short) 16).putInt(0).putShort((short) 1);
            wav.put(HexFormat.of().parseHex("000000001000800000aa00389b71"));
        }
        wav.put("LIST".getBytes(ISO_8859_1)).putInt(3).put(new byte[3]);
        wav.put("data".getBytes(ISO_8859_1)).putInt(8).putLong(0x0102030405060708L);
        return Arrays.copyOf(wav.array(), wav.position());
    }

    /** What the seeds are made of: an enum's constants cannot use its own static fields. */
    private static final class Seeds {
        static final Speech CALL = new Speech("acme", "call-1");
        static final CallInfo INFO = CALL.start().info();
        static final JwtVerifier VERIFIER =
                new JwtVerifier(PublicKeys.ofPem(CredentialParsing.pem().get(0)), TokenRules.ANY, Clock.systemUTC());
    }
}
