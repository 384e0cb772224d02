package io.rtaa.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.PeerKind;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.testsupport.AuditLines;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditLogTest {

    private static final Principal VIEWER = new Principal("ann", Role.VIEWER, "acme");

    private final AuditLines lines = new AuditLines();

    @AfterEach
    void close() {
        lines.close();
    }

    private static Handshake handshake(boolean isUpgrade, String... headers) {
        return Handshake.of(
                PeerKind.VIEWER,
                "/v1/transcripts",
                "token=SECRET&interaction_id=a",
                "192.0.2.7",
                Map.of("Authorization", "Bearer SECRET", "X-Forwarded-For", String.join(",", headers))
                        .entrySet(),
                isUpgrade);
    }

    @Test
    void tellsWhoSignedInFromWhereToWhat() {
        AuditLog.signIn(handshake(true, "198.51.100.9"), new Granted(VIEWER, null));

        assertThat(lines.all())
                .containsExactly(Map.of(
                        "what", "sign-in",
                        "who", "ann",
                        "role", "viewer",
                        "tenant", "acme",
                        "from", "192.0.2.7",
                        "forwarded_for", "198.51.100.9",
                        "path", "/v1/transcripts",
                        "call", "a",
                        "outcome", "granted"));
    }

    @Test
    void aSignInForOneCallNamesIt() {
        Handshake exotel = Handshake.of(
                PeerKind.CALLER,
                "/v1/exotel",
                "interaction_id=other",
                "192.0.2.7",
                Map.<String, String>of().entrySet(),
                true);

        AuditLog.signIn(exotel, new Granted(new Principal("exotel", Role.CALLER, null, "CA-1"), null));
        AuditLog.signIn(exotel, new Granted(new Principal("exotel", Role.CALLER, null), null));

        assertThat(lines.all().get(0)).containsEntry("call", "CA-1");
        assertThat(lines.all().get(1)).doesNotContainKey("call");
    }

    @Test
    void aRequestThatIsGrantedHasNoLineBesideThatOfItsOperation() {
        AuditLog.signIn(handshake(false), new Granted(VIEWER, null));
        AuditLog.operation("read-call", VIEWER, handshake(false), "acme/a", "done", null);

        assertThat(lines.all())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("what", "read-call")
                        .containsEntry("call", "acme/a")
                        .containsEntry("outcome", "done")
                        .doesNotContainKey("reason"));
    }

    @Test
    void tellsOfARefusalWithItsReasonAndWithoutCredentials() {
        AuditLog.signIn(handshake(false), new Refused(401, "the token has expired", null));

        assertThat(lines.all())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("outcome", "refused")
                        .containsEntry("status", "401")
                        .containsEntry("reason", "the token has expired")
                        .doesNotContainKey("who"));
        assertThat(lines.all().toString()).doesNotContain("SECRET");
    }

    @Test
    void whatComesFromOutsideMakesUpNeitherALineNorAKey() {
        AuditLog.operation(
                "read-call",
                new Principal("eve\" role=\"admin", Role.VIEWER, "a\r\nb"),
                handshake(false, "x\u2028y\u202e\u0000" + "z".repeat(10_000)),
                "c\\\td",
                "refused",
                "no\nsuch call");

        Map<String, String> line = lines.all().get(0);
        assertThat(line)
                .containsEntry("who", "eve? role=?admin")
                .containsEntry("tenant", "a??b")
                .containsEntry("call", "c??d")
                .containsEntry("reason", "no?such call");
        assertThat(line.get("forwarded_for")).startsWith("x?y??zzz").hasSize(AuditLog.MAX_VALUE_CHARS + 1);
    }

    @Test
    void aFloodOfRefusalsIsCountedAndNotWritten() {
        RefusalRate rate = new RefusalRate();
        long now = TimeUnit.HOURS.toNanos(1);

        List<Long> first = Stream.generate(() -> rate.next(now))
                .limit(RefusalRate.MOST + 1000)
                .toList();

        assertThat(first.subList(0, RefusalRate.MOST)).containsOnly(0L);
        assertThat(first.subList(RefusalRate.MOST, first.size())).containsOnly(-1L);
        assertThat(rate.next(now + TimeUnit.SECONDS.toNanos(1))).isEqualTo(1000);
        assertThat(rate.next(now + TimeUnit.SECONDS.toNanos(1))).isZero();
    }
}
