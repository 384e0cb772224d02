package io.rtaa.dashboard;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.rtaa.audit.AuditLog;
import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.PeerKind;
import io.rtaa.call.Principal;
import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.edge.listener.HttpRefusal;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.routes.LogThrottle;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Live and recent calls over HTTP. Every request passes the guard first and sees what its principal may see; every fault
 * is answered as {@code {"error":"…"}} and says what is allowed. The audit log tells who read, exported or erased a call.
 *
 * <p>Thread-safety: handlers run on any number of event loops; {@link PageWorkers} search the book and write the
 * answers.
 */
public final class DashboardApi {

    private static final Logger LOG = LoggerFactory.getLogger(DashboardApi.class);
    private static final JsonFactory FACTORY = new JsonFactory();

    /** What a call can be. */
    private static final List<String> STATES = List.of("live", "lost", "ended");

    /** Of requests whose viewer could not be judged, and of those that failed. */
    private final LogThrottle unjudged = new LogThrottle();

    private final LogThrottle faults = new LogThrottle();
    private final CallBook book;
    private final HandshakeGuard guard;
    private final @Nullable DemoCalls demoCalls;
    private final CallErasures erasures;
    private final Executor workers;
    private final UnsentAnswers unsent;

    /**
     * @param workers search the book and write the answers; where they refuse, the request is answered with 503
     * @param demoPlacer places a demo call and gives its interaction id; null where demo calls are not allowed
     * @param eraser publishes the erasure of a call, to all dashboards and to what the bus keeps
     * @param unsent where too much waits to be read, requests for calls are answered with 503
     */
    public DashboardApi(
            CallBook book,
            HandshakeGuard guard,
            @Nullable Supplier<CompletionStage<String>> demoPlacer,
            Function<CallErased, CompletionStage<Void>> eraser,
            Clock clock,
            Executor workers,
            UnsentAnswers unsent) {
        this.book = book;
        this.erasures = new CallErasures(book, eraser);
        this.workers = workers;
        this.unsent = unsent;
        this.guard = guard;
        this.demoCalls = demoPlacer == null ? null : new DemoCalls(demoPlacer, book, clock);
    }

    /** Adds the API's routes; other routes below {@code /api} may be added before or after. */
    public void mount(Router router) {
        router.get("/api/calls").handler(guarded(this::listCalls));
        router.get("/api/calls/:interaction_id").handler(guarded(this::showCall));
        router.delete("/api/calls/:interaction_id").handler(guarded(this::eraseCall));
        router.get("/api/calls/:interaction_id/transcript").handler(guarded(this::showTranscript));
        router.post("/api/demo-calls").handler(guarded(this::placeDemoCall));
        for (String path : List.of("/api/calls", "/api/calls/:interaction_id/transcript")) {
            router.route(path).handler(ctx -> refuseMethod(ctx, "GET"));
        }
        router.route("/api/calls/:interaction_id").handler(ctx -> refuseMethod(ctx, "GET, DELETE"));
        router.route("/api/demo-calls").handler(ctx -> refuseMethod(ctx, "POST"));
        router.route("/api/*").last().handler(ctx -> fail(ctx, 404, "nothing is at " + ctx.normalizedPath()));
    }

    private static void refuseMethod(RoutingContext ctx, String allowed) {
        ctx.response().putHeader("Allow", allowed);
        fail(ctx, 405, ctx.request().method() + " is not possible here; allowed: " + allowed);
    }

    /** Who asks, as the guard found it, and what they may see. */
    private record Requester(Handshake handshake, Principal principal, Viewer viewer) {

        /** Notes in the audit log what was asked for. */
        void audit(String what, @Nullable String call, String outcome, @Nullable String reason) {
            AuditLog.operation(what, principal, handshake, call, outcome, reason);
        }
    }

    private Handler<RoutingContext> guarded(BiConsumer<RoutingContext, Requester> handler) {
        return ctx -> guarded(ctx, handshake(ctx.request()), handler);
    }

    private void guarded(RoutingContext ctx, Handshake handshake, BiConsumer<RoutingContext, Requester> handler) {
        Future.fromCompletionStage(guard.check(handshake), ctx.vertx().getOrCreateContext())
                .onSuccess(verdict -> {
                    if (verdict instanceof Granted granted) {
                        // An answer is no connection that would keep anything.
                        granted.release().run();
                        Optional<Viewer> viewer = Viewer.of(granted.principal());
                        if (viewer.isPresent()) {
                            Requester requester = new Requester(handshake, granted.principal(), viewer.get());
                            run(ctx, () -> handler.accept(ctx, requester));
                        } else {
                            Refused refused = new Refused(403, Viewer.refusal(granted.principal()), null);
                            AuditLog.signIn(handshake, refused);
                            refuse(ctx, refused);
                        }
                    } else if (verdict instanceof Refused refused) {
                        refuse(ctx, refused);
                    }
                })
                .onFailure(failure -> {
                    unjudged.atLevel(LOG, Level.WARN)
                            .setCause(failure)
                            .log("An API request could not be authenticated");
                    fail(ctx, 503, "the request could not be authenticated now; try again");
                });
    }

    private void run(RoutingContext ctx, Runnable handler) {
        try {
            handler.run();
        } catch (RuntimeException e) {
            failAsThrown(ctx, e);
        }
    }

    private void failAsThrown(RoutingContext ctx, Exception thrown) {
        if (thrown instanceof RefusedRequestException refused) {
            fail(ctx, refused.status, refused.getMessage());
        } else {
            failUnexpectedly(ctx, thrown);
        }
    }

    private void failUnexpectedly(RoutingContext ctx, Throwable failure) {
        faults.atLevel(LOG, Level.ERROR).setCause(failure).log("An API request failed: {}", ctx.normalizedPath());
        fail(ctx, 500, "something went wrong here; the log says what");
    }

    private static void refuse(RoutingContext ctx, Refused refused) {
        Duration retryAfter = refused.retryAfter();
        if (retryAfter != null) {
            ctx.response().putHeader("Retry-After", Long.toString(HttpRefusal.secondsRoundedUp(retryAfter)));
        }
        if (refused.challenge() != null) {
            ctx.response().putHeader("WWW-Authenticate", refused.challenge());
        }
        fail(ctx, refused.status(), refused.reason());
    }

    static Handshake handshake(HttpServerRequest request) {
        return Handshake.of(
                PeerKind.VIEWER,
                request.path(),
                request.query(),
                PublicListener.remoteAddress(request),
                request.headers(),
                false);
    }

    private void listCalls(RoutingContext ctx, Requester requester) {
        String state = parameter(ctx, "state");
        if (state != null && !STATES.contains(state)) {
            fail(ctx, 400, "state is " + state + "; allowed: " + String.join(", ", STATES));
            return;
        }
        answerJson(
                ctx,
                () -> json(json -> {
                    json.writeArrayFieldStart("calls");
                    for (CallSummary call : book.summaries(requester.viewer())) {
                        if (state == null || state.equals(call.state())) {
                            json.writeStartObject();
                            CallJson.writeFields(call, json);
                            json.writeEndObject();
                        }
                    }
                    json.writeEndArray();
                }));
    }

    private void showCall(RoutingContext ctx, Requester requester) {
        Wanted wanted = wanted(ctx);
        answerJson(ctx, () -> {
            CallTranscript call = find(wanted, requester, "read-call");
            return json(json -> CallJson.writeFields(call.summary(), json));
        });
    }

    private void showTranscript(RoutingContext ctx, Requester requester) {
        String name = parameter(ctx, "format");
        Optional<TranscriptFormat> format = TranscriptFormat.ofName(name == null ? "json" : name);
        if (format.isEmpty()) {
            fail(ctx, 400, "format is " + name + "; allowed: " + TranscriptFormat.names());
            return;
        }
        Wanted wanted = wanted(ctx);
        Map<String, String> headers = Map.of("Content-Disposition", attachment(wanted.interactionId(), format.get()));
        answer(
                ctx,
                format.get().contentType(),
                headers,
                () -> format.get().write(find(wanted, requester, "export-call")));
    }

    private void eraseCall(RoutingContext ctx, Requester requester) {
        Wanted wanted = wanted(ctx);
        Context context = ctx.vertx().getOrCreateContext();
        onWorkers(ctx, context, () -> {
            CallErasures.Choice choice = erasures.choose(requester.principal(), wanted::is);
            if (choice instanceof CallErasures.Declined refused) {
                requester.audit("erase-call", wanted.text(), "refused", refused.reason());
                throw new RefusedRequestException(refused.status(), refused.reason());
            }
            StreamId stream = ((CallErasures.Chosen) choice).erasure().stream();
            erasures.erase((CallErasures.Chosen) choice).whenComplete((done, failure) -> {
                CallErasures.@Nullable Declined refused = failure == null ? null : CallErasures.declinedFor(failure);
                if (refused != null && refused.status() == 503) {
                    LOG.atWarn().setCause(failure).log("A call could not be erased from the bus");
                }
                requester.audit(
                        "erase-call",
                        stream.toString(),
                        refused == null ? "done" : refused.status() == 503 ? "failed" : "refused",
                        refused == null ? null : refused.reason());
                context.runOnContext(answered -> {
                    if (refused == null) {
                        ctx.response().setStatusCode(204).end();
                    } else {
                        fail(ctx, refused.status(), refused.reason());
                    }
                });
            });
        });
    }

    private static String attachment(String interactionId, TranscriptFormat format) {
        return "attachment; filename=\"transcript-" + interactionId.replaceAll("[^A-Za-z0-9._-]", "_") + "."
                + format.wireName() + "\"";
    }

    /**
     * The call that a request names.
     *
     * @param tenantId null where the request names no tenant
     */
    private record Wanted(String interactionId, @Nullable String tenantId) {

        boolean is(StreamId stream) {
            return stream.interactionId().equals(interactionId)
                    && (tenantId == null || stream.tenantId().equals(tenantId));
        }

        /** The call as it was asked for. */
        String text() {
            return tenantId == null ? interactionId : tenantId + "/" + interactionId;
        }
    }

    private static Wanted wanted(RoutingContext ctx) {
        return new Wanted(ctx.pathParam("interaction_id"), parameter(ctx, "tenant_id"));
    }

    /**
     * Searches the book, which takes its time where it has many calls: called by {@link #workers}.
     *
     * @param what the operation, for the audit log
     * @throws RefusedRequestException if there is no such call, or several
     */
    private CallTranscript find(Wanted wanted, Requester requester, String what) {
        List<StreamId> found =
                book.streams(requester.viewer()).stream().filter(wanted::is).toList();
        Optional<CallTranscript> call = found.size() == 1 ? book.transcript(found.get(0)) : Optional.empty();
        if (call.isPresent()) {
            requester.audit(what, found.get(0).toString(), "done", null);
            return call.get();
        }
        CallErasures.Declined refused = found.size() > 1 ? CallErasures.several(found) : CallErasures.UNKNOWN;
        requester.audit(what, wanted.text(), "refused", refused.reason());
        throw new RefusedRequestException(refused.status(), refused.reason());
    }

    private void placeDemoCall(RoutingContext ctx, Requester requester) {
        if (demoCalls == null) {
            requester.audit("demo-call", null, "refused", "authentication is on");
            fail(ctx, 403, "demo calls are placed only while authentication is off");
            return;
        }
        Optional<CompletionStage<String>> call = demoCalls.place();
        if (call.isEmpty()) {
            requester.audit("demo-call", null, "refused", "enough are under way");
            ctx.response().putHeader("Retry-After", Long.toString(DemoCalls.RETRY_AFTER.toSeconds()));
            fail(ctx, 429, DemoCalls.MAX_AT_ONCE + " demo calls are under way; try again when one has ended");
            return;
        }
        Future.fromCompletionStage(call.get(), ctx.vertx().getOrCreateContext())
                .onSuccess(id -> {
                    requester.audit("demo-call", id, "done", null);
                    send(
                            ctx,
                            202,
                            "application/json",
                            new JsonObject().put("interaction_id", id).encode());
                })
                .onFailure(failure -> {
                    requester.audit("demo-call", null, "failed", "it could not be placed");
                    LOG.atWarn().setCause(failure).log("A demo call could not be placed");
                    fail(ctx, 503, "the demo call could not be placed; the log says why");
                });
    }

    private static @Nullable String parameter(RoutingContext ctx, String name) {
        try {
            return Query.parameter(ctx.request().query(), name);
        } catch (IllegalArgumentException e) {
            throw new RefusedRequestException(400, e.getMessage());
        }
    }

    private interface JsonBody {
        void write(JsonGenerator json) throws IOException;
    }

    private static String json(JsonBody body) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        }
        return text.toString();
    }

    private void answerJson(RoutingContext ctx, Callable<String> body) {
        answer(ctx, "application/json", Map.of(), body);
    }

    private void answer(RoutingContext ctx, String contentType, Map<String, String> headers, Callable<String> body) {
        if (unsent.isFull()) {
            ctx.response().putHeader("Retry-After", "5");
            fail(ctx, 503, "too many answers wait to be read; read them, or try again");
            return;
        }
        Context context = ctx.vertx().getOrCreateContext();
        onWorkers(ctx, context, () -> {
            String text = body.call();
            context.runOnContext(written -> {
                headers.forEach(ctx.response()::putHeader);
                unsent.add(text.length(), send(ctx, 200, contentType, text));
            });
        });
    }

    private interface Work {
        void run() throws Exception;
    }

    private void onWorkers(RoutingContext ctx, Context context, Work work) {
        try {
            workers.execute(() -> {
                try {
                    work.run();
                } catch (Exception e) {
                    context.runOnContext(failed -> failAsThrown(ctx, e));
                }
            });
        } catch (RejectedExecutionException e) {
            ctx.response().putHeader("Retry-After", "1");
            fail(ctx, 503, "too many requests wait already; try again");
        }
    }

    private static void fail(RoutingContext ctx, int status, @Nullable String message) {
        send(
                ctx,
                status,
                "application/json",
                new JsonObject().put("error", message).encode());
    }

    /** @return completes when the answer has left this process, or never will */
    private static Future<Void> send(RoutingContext ctx, int status, String contentType, String body) {
        HttpServerResponse response = ctx.response();
        if (response.ended() || response.closed()) {
            return Future.succeededFuture();
        }
        return response.setStatusCode(status)
                .putHeader("Content-Type", contentType)
                .end(body);
    }

    /** A request that is answered with a reason, which its message is. */
    private static final class RefusedRequestException extends RuntimeException {
        private final int status;

        RefusedRequestException(int status, @Nullable String reason) {
            super(reason);
            this.status = status;
        }
    }
}
