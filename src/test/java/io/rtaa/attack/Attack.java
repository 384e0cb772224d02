package io.rtaa.attack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** What an attacker does, again and again, and what the service may answer. */
enum Attack {
    OVERSIZED_MESSAGES("a message of 1 GB", "closed 1009|broken off") {
        @Override
        String strike(Target target) throws IOException {
            try (RawPeer peer = caller(target)) {
                peer.frame(RawPeer.TEXT, true, false, 1L << 30, new byte[CHUNK]);
                return peer.awaitClose();
            }
        }
    },
    ENDLESS_MESSAGES("a message in fragments that never ends", "closed 1009|broken off") {
        @Override
        String strike(Target target) throws IOException {
            try (RawPeer peer = caller(target)) {
                peer.frame(RawPeer.TEXT, false, false, new byte[CHUNK]);
                for (int i = 0; i < FRAGMENTS; i++) {
                    peer.frame(RawPeer.CONTINUATION, false, false, new byte[CHUNK]);
                }
                return peer.awaitClose();
            } catch (IOException e) {
                // The service has closed, and reads no more.
                return "broken off";
            }
        }
    },
    ONE_BYTE_MESSAGES("100,000 messages of one byte on a socket", "left open|closed 1008|broken off") {
        @Override
        String strike(Target target) throws IOException {
            try (RawPeer peer = caller(target)) {
                for (int i = 0; i < MANY; i++) {
                    peer.frame(RawPeer.TEXT, true, false, new byte[] {'x'});
                }
                return peer.awaitClose(Duration.ofSeconds(1));
            } catch (IOException e) {
                // The service has closed, and reads no more.
                return "broken off";
            }
        }
    },
    COMPRESSED_BOMBS("a compressed message, although compression was not granted", "closed 1002|broken off") {
        @Override
        String strike(Target target) throws IOException {
            try (RawPeer peer = new RawPeer(target.port())) {
                Map<String, String> headers = new HashMap<>(target.asCaller());
                headers.put("Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits");
                String answer = peer.upgrade(EXOTEL, headers);
                if (answer.toLowerCase(Locale.ROOT).contains("sec-websocket-extensions")) {
                    return "compression granted";
                }
                peer.frame(RawPeer.TEXT, true, true, new byte[CHUNK]);
                return peer.awaitClose();
            }
        }
    },
    BAD_UTF8("a text message that is no UTF-8", "closed 1007|closed 1002|broken off") {
        @Override
        String strike(Target target) throws IOException {
            try (RawPeer peer = caller(target)) {
                peer.frame(RawPeer.TEXT, true, false, new byte[] {(byte) 0xc3, (byte) 0x28, (byte) 0xff});
                return peer.awaitClose();
            }
        }
    },
    RUBBISH(
            "messages that are no message of the protocol",
            "left open|closed 1008|closed 1003|closed 1007|broken off") {
        @Override
        String strike(Target target) throws IOException {
            try (RawPeer peer = caller(target)) {
                byte[] rubbish = new byte[CHUNK];
                new Random(1).nextBytes(rubbish);
                for (int i = 0; i < FRAGMENTS; i++) {
                    peer.frame(RawPeer.TEXT + 1, true, false, rubbish);
                }
                peer.frame(RawPeer.TEXT, true, false, "{\"event\":[[[[".getBytes(StandardCharsets.UTF_8));
                peer.frame(RawPeer.TEXT, true, false, "{\"event\":\"start\"}".getBytes(StandardCharsets.UTF_8));
                return peer.awaitClose(Duration.ofSeconds(1));
            } catch (IOException e) {
                // The service has closed, and reads no more.
                return "broken off";
            }
        }
    },
    HEADER_INJECTION("line breaks and header names in the query", "400|401|429") {
        @Override
        String strike(Target target) throws IOException {
            try (RawPeer peer = new RawPeer(target.port())) {
                String answer = peer.upgrade(
                        EXOTEL + "?token=a%0d%0aX-Injected:%201&CamelHttpUri=http://127.0.0.1:1&Rtaa"
                                + "WebsocketPrincipal=admin&RtaaWebsocketConnectionKey=1",
                        Map.of());
                return answer.contains("X-Injected") ? "header injected" : String.valueOf(RawPeer.status(answer));
            }
        }
    },
    PATH_TRICKS("paths that mean another", "400|401|403|404|429") {
        @Override
        String strike(Target target) throws IOException {
            String path = PATHS.get(new Random().nextInt(PATHS.size()));
            try (RawPeer peer = new RawPeer(target.port())) {
                return String.valueOf(RawPeer.status(peer.upgrade(path, Map.of())));
            }
        }
    },
    FORGED_TOKENS("tokens without a signature, signed with the public key as a secret, by a foreign key", "401|429") {
        @Override
        String strike(Target target) throws IOException {
            List<String> tokens = List.of(
                    token("{\"alg\":\"none\"}", ADMIN) + ".",
                    token("{\"alg\":\"None\",\"typ\":\"JWT\"}", ADMIN) + ".AAAA",
                    signedWithPublicKey(target.publicKeyPem()),
                    target.foreignToken(),
                    "a".repeat(4000),
                    "..",
                    token("{\"alg\":\"RS256\",\"jwk\":{\"kty\":\"RSA\"},\"jku\":\"http://127.0.0.1:1/\"}", ADMIN)
                            + ".AAAA");
            String token = tokens.get(new Random().nextInt(tokens.size()));
            try (RawPeer peer = new RawPeer(target.port())) {
                return String.valueOf(RawPeer.status(peer.upgrade("/v1/transcripts", Target.bearer(token))));
            }
        }
    },
    WRONG_LOG_INS("wrong pairs of key and token", "401|429") {
        @Override
        String strike(Target target) throws IOException {
            try (RawPeer peer = new RawPeer(target.port())) {
                return String.valueOf(
                        RawPeer.status(peer.upgrade(EXOTEL, Target.basic("key:" + new Random().nextInt()))));
            }
        }
    },
    HANDSHAKE_FLOOD("handshakes without credentials", "401|429") {
        @Override
        String strike(Target target) throws IOException {
            try (RawPeer peer = new RawPeer(target.port())) {
                return String.valueOf(RawPeer.status(peer.upgrade(EXOTEL, Map.of())));
            }
        }
    },
    SLOW_HANDSHAKES("200 handshakes whose heads come byte by byte", "left open|broken off") {
        @Override
        String strike(Target target) throws IOException {
            List<RawPeer> peers = new ArrayList<>();
            long endNanos = System.nanoTime() + target.patience().toNanos();
            try {
                for (int i = 0; i < SLOW_PEERS; i++) {
                    RawPeer peer = new RawPeer(target.port());
                    peers.add(peer);
                    peer.send(("GET " + EXOTEL + " HTTP/1.1\r\nHost: ").getBytes(StandardCharsets.US_ASCII));
                }
                String answer = "left open";
                while (answer.equals("left open") && System.nanoTime() < endNanos) {
                    for (RawPeer peer : peers) {
                        peer.send(new byte[] {'a'});
                    }
                    answer = peers.get(0).awaitClose(BETWEEN_BYTES);
                }
                return answer;
            } catch (IOException e) {
                return "broken off";
            } finally {
                close(peers);
            }
        }
    },
    IDLE_CONNECTIONS("2,000 connections that say nothing", "left open|broken off") {
        @Override
        String strike(Target target) throws IOException {
            List<RawPeer> peers = new ArrayList<>();
            try {
                for (int i = 0; i < IDLE_PEERS; i++) {
                    peers.add(new RawPeer(target.port()));
                }
                return peers.get(0).awaitClose(target.patience());
            } catch (IOException e) {
                return "broken off";
            } finally {
                close(peers);
            }
        }
    };

    private static final String EXOTEL = "/v1/exotel";
    private static final String ADMIN = "{\"role\":\"admin\",\"sub\":\"attacker\",\"exp\":9999999999}";
    private static final int CHUNK = 16 * 1024;
    private static final int FRAGMENTS = 1000;
    private static final int MANY = 100_000;
    private static final int SLOW_PEERS = 200;
    private static final Duration BETWEEN_BYTES = Duration.ofMillis(100);
    private static final int IDLE_PEERS = 2000;

    private static final List<String> PATHS = List.of(
            "/v1/exotel/../transcripts",
            "/v1/exotel/",
            "//v1/exotel",
            "/V1/EXOTEL",
            "/v1/exotel%2f",
            "/v1%2fexotel",
            "/v1/exotel;x=1",
            "/v1/./exotel",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/..%5c..%5capplication.yaml",
            "/api//calls",
            "/api/calls/..%2f..%2fhealth",
            "/api/calls;x",
            "/v1/exotel%00",
            "http://127.0.0.1:1/v1/exotel",
            "*");

    private final String inWords;
    private final Pattern allowed;

    Attack(String inWords, String allowed) {
        this.inWords = inWords;
        this.allowed = Pattern.compile(allowed);
    }

    /** Does it once. */
    abstract String strike(Target target) throws IOException;

    String inWords() {
        return inWords;
    }

    /** Whether the service may answer so. */
    boolean allows(String answer) {
        return allowed.matcher(answer).matches();
    }

    private static RawPeer caller(Target target) throws IOException {
        RawPeer peer = new RawPeer(target.port());
        int status = RawPeer.status(peer.upgrade(EXOTEL, target.asCaller()));
        if (status != 101) {
            peer.close();
            throw new RefusedException(status);
        }
        return peer;
    }

    /** The handshake itself was refused: the attacker has used up what it may do. */
    static final class RefusedException extends IOException {
        private static final long serialVersionUID = 1;

        RefusedException(int status) {
            super(String.valueOf(status));
        }
    }

    private static void close(List<RawPeer> peers) throws IOException {
        for (RawPeer peer : peers) {
            peer.close();
        }
    }

    private static String token(String header, String claims) {
        return Arrays.stream(new String[] {header, claims})
                .map(part ->
                        Base64.getUrlEncoder().withoutPadding().encodeToString(part.getBytes(StandardCharsets.UTF_8)))
                .reduce((first, second) -> first + "." + second)
                .orElseThrow();
    }

    private static String signedWithPublicKey(String pem) {
        String unsigned = token("{\"alg\":\"HS256\",\"typ\":\"JWT\"}", ADMIN);
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(pem.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return unsigned + "."
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(mac.doFinal(unsigned.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
