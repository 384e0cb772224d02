package io.rtaa.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.testsupport.AuditLines;
import io.rtaa.testsupport.DashboardClient;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** {@code DELETE /api/calls/{interaction_id}}, and what the audit log tells of it and of reading. */
class CallErasureApiTest {

    private static final String WORDS = "My card number is 1234.";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Events call = Events.of("acme", "a", System.currentTimeMillis() - 30_000);
    private final TestServer server = new TestServer(() -> CompletableFuture.completedFuture("demo"));
    private final AuditLines audit = new AuditLines();

    @BeforeEach
    void fill() {
        server.publish(call.started(1), call.said(2, WORDS));
    }

    @AfterEach
    void stop() {
        audit.close();
        server.close();
    }

    private void asks(Verdict verdict) {
        server.guard = handshake -> CompletableFuture.completedFuture(verdict);
    }

    private void asks(Role role, String tenant) {
        asks(new Granted(new Principal("ann", role, tenant), null));
    }

    private HttpResponse<String> send(String method, String path) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(server.url() + path))
                        .method(method, HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> erase(String id) throws Exception {
        return send("DELETE", "/api/calls/" + id);
    }

    private DashboardClient browser() {
        return new DashboardClient(URI.create(server.url().replace("http", "ws") + "/v1/transcripts"));
    }

    @Test
    void anAdminErasesACallThatHasEndedForEveryoneWhoSeesIt() throws Exception {
        server.publish(call.ended(3));
        asks(Role.ADMIN, null);
        try (DashboardClient watching = browser()) {
            await().until(() -> watching.hasEnded("a"));

            HttpResponse<String> answer = erase("a");

            assertThat(answer.statusCode()).isEqualTo(204);
            assertThat(answer.body()).isEmpty();
            assertThat(send("GET", "/api/calls").body()).isEqualTo("{\"calls\":[]}");
            assertThat(send("GET", "/api/calls/a").statusCode()).isEqualTo(404);
            assertThat(send("GET", "/api/calls/a/transcript?format=txt").statusCode())
                    .isEqualTo(404);
            await().untilAsserted(() -> assertThat(watching.events("a"))
                    .last()
                    .satisfies(event -> assertThat(event.path("type").asText()).isEqualTo("call_erased")));
        }
        try (DashboardClient newcomer = browser()) {
            await().until(() -> !newcomer.events("a").isEmpty());
            assertThat(newcomer.events())
                    .singleElement()
                    .satisfies(event -> assertThat(event.path("type").asText()).isEqualTo("call_erased"));
        }
        assertThat(audit.about("erase-call"))
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("who", "ann")
                        .containsEntry("role", "admin")
                        .containsEntry("from", "127.0.0.1")
                        .containsEntry("call", "acme/a")
                        .containsEntry("outcome", "done"));
        assertThat(erase("a").statusCode()).as("asked for again").isEqualTo(204);
    }

    @Test
    void aLiveCallIsNotErased() throws Exception {
        asks(Role.ADMIN, null);

        HttpResponse<String> answer = erase("a");

        assertThat(answer.statusCode()).isEqualTo(409);
        assertThat(answer.body()).contains("call acme/a is live; allowed: calls that have ended");
        assertThat(send("GET", "/api/calls/a/transcript").body()).contains(WORDS);
        assertThat(audit.about("erase-call"))
                .singleElement()
                .satisfies(line -> assertThat(line).containsEntry("outcome", "refused"));
    }

    @Test
    void anUnknownCallIsNotFound() throws Exception {
        asks(Role.ADMIN, null);

        assertThat(erase("nobody").statusCode()).isEqualTo(404);
        assertThat(audit.about("erase-call"))
                .singleElement()
                .satisfies(
                        line -> assertThat(line).containsEntry("call", "nobody").containsEntry("outcome", "refused"));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ADMIN")
    void otherRolesEraseNothing(Role role) throws Exception {
        server.publish(call.ended(3));
        asks(role, "acme");

        HttpResponse<String> answer = erase("a");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("allowed: ", "admin");
        asks(Role.ADMIN, null);
        assertThat(send("GET", "/api/calls/a").statusCode()).isEqualTo(200);
    }

    @Test
    void aRequestWithoutATokenErasesNothing() throws Exception {
        server.publish(call.ended(3));
        asks(new Refused(401, "no token", null, "Bearer"));

        assertThat(erase("a").statusCode()).isEqualTo(401);

        asks(Role.ADMIN, null);
        assertThat(send("GET", "/api/calls/a").statusCode()).isEqualTo(200);
    }

    @Test
    void anAdminOfATenantErasesThatTenantsCallsOnly() throws Exception {
        Events theirs = Events.of("other", "a", System.currentTimeMillis() - 30_000);
        server.publish(call.ended(3), theirs.started(1), theirs.ended(2));
        asks(Role.ADMIN, "third");
        HttpResponse<String> foreign = erase("a");
        assertThat(foreign.statusCode()).isEqualTo(404);
        assertThat(foreign.body())
                .as("as of a call that never was")
                .isEqualTo(erase("never").body());
        asks(Role.ADMIN, "acme");
        assertThat(erase("a?tenant_id=other").statusCode()).isEqualTo(404);

        assertThat(erase("a").statusCode()).isEqualTo(204);

        asks(Role.ADMIN, null);
        assertThat(send("GET", "/api/calls").body())
                .contains("\"tenant_id\":\"other\"")
                .doesNotContain("acme");
    }

    @Test
    void anAdminOfAllTenantsSaysWhichCallIsMeantWhereSeveralHaveTheId() throws Exception {
        Events theirs = Events.of("other", "a", System.currentTimeMillis() - 30_000);
        server.publish(call.ended(3), theirs.started(1), theirs.ended(2));
        asks(Role.ADMIN, null);

        assertThat(erase("a").body()).contains("add tenant_id, one of: acme, other");
        assertThat(erase("a?tenant_id=other").statusCode()).isEqualTo(204);
        assertThat(send("GET", "/api/calls/a/transcript").body()).contains(WORDS);
    }

    @Test
    void anErasureThatTheBusDoesNotTakeIsAnsweredWith503AndTheNextTryErases() throws Exception {
        server.publish(call.ended(3));
        asks(Role.ADMIN, null);
        server.bus = erasure -> CompletableFuture.failedFuture(new IllegalStateException("the bus is away"));

        assertThat(erase("a").statusCode()).isEqualTo(503);
        assertThat(send("GET", "/api/calls/a").statusCode()).isEqualTo(200);

        server.bus = server::erase;
        assertThat(erase("a").statusCode()).isEqualTo(204);
        assertThat(audit.about("erase-call"))
                .extracting(line -> line.get("outcome"))
                .containsExactly("failed", "done");
    }

    @Test
    void theAuditLogSaysThatACallerIsTurnedAwayFromTheApi() throws Exception {
        asks(Role.CALLER, "acme");

        assertThat(send("GET", "/api/calls/a").statusCode()).isEqualTo(403);

        assertThat(audit.all())
                .singleElement()
                .satisfies(line -> assertThat(line)
                        .containsEntry("what", "sign-in")
                        .containsEntry("outcome", "refused")
                        .containsEntry("status", "403")
                        .containsEntry("path", "/api/calls/a"));
    }

    @Test
    void theAuditLogSaysWhoReadsAndExportsACallAndNotWhatWasSaid() throws Exception {
        asks(Role.VIEWER, "acme");

        send("GET", "/api/calls/a");
        send("GET", "/api/calls/a/transcript?format=srt");
        send("GET", "/api/calls/nobody");
        send("POST", "/api/demo-calls");

        assertThat(audit.all())
                .extracting(line -> line.get("what") + " " + line.get("call") + " " + line.get("outcome"))
                .containsExactly(
                        "read-call acme/a done",
                        "export-call acme/a done",
                        "read-call nobody refused",
                        "demo-call demo done");
        assertThat(audit.all()).allSatisfy(line -> assertThat(line).containsEntry("who", "ann"));
        assertThat(audit.all().toString()).doesNotContain("1234");
    }
}
