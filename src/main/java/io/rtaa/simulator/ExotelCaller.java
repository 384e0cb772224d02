package io.rtaa.simulator;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Places calls as Exotel's Stream applet does. Pacing is open-loop: every frame has its deadline from the call's start,
 * whatever became of those before it.
 *
 * <p>Thread-safety: any thread. Calls run on the event loops of the given Vert.x, spread over them evenly.
 */
public final class ExotelCaller {
    private static final int CLOSING_TIMEOUT_SECONDS = 5;

    private final Vertx vertx;
    private final int eventLoops;
    private final @Nullable TrustOptions trusted;
    private final boolean verifyHost;

    /** Trusts the servers that Java trusts; otherwise as the other constructor. */
    public ExotelCaller(Vertx vertx, int eventLoops) {
        this(vertx, eventLoops, null, true);
    }

    /**
     * @param eventLoops over how many event loops the calls are spread, at least one
     * @param caCertificates a PEM file with the only certificates that vouch for a {@code wss} server; null for those
     *     that Java trusts
     */
    public ExotelCaller(Vertx vertx, int eventLoops, @Nullable Path caCertificates) {
        this(
                vertx,
                eventLoops,
                caCertificates == null ? null : new PemTrustOptions().addCertPath(caCertificates.toString()),
                true);
    }

    /**
     * Calls a {@code wss} server whose certificate is known, whatever name it is for.
     *
     * @param known accepts the certificate of that server alone
     */
    public ExotelCaller(Vertx vertx, int eventLoops, X509TrustManager known) {
        this(vertx, eventLoops, TrustOptions.wrap(known), false);
    }

    private ExotelCaller(Vertx vertx, int eventLoops, @Nullable TrustOptions trusted, boolean verifyHost) {
        this.vertx = vertx;
        this.eventLoops = eventLoops;
        this.trusted = trusted;
        this.verifyHost = verifyHost;
        // Vert.x 4.5 never cancels the timer of a handshake whose id is 0, the first timer of all, and so cuts a
        // connection that is well under way: somebody else takes that id.
        vertx.cancelTimer(vertx.setTimer(1, ignored -> {}));
    }

    /** Starts the calls of a plan and returns at once. */
    public RunningCalls place(CallPlan plan) {
        Run run = new Run(plan);
        run.begin();
        return run;
    }

    private final class Run implements RunningCalls {
        private final CallPlan plan;
        private final WebSocketClient client;
        private final List<SimulatedCall> calls = new ArrayList<>();
        private final Promise<RunReport> report = Promise.promise();

        Run(CallPlan plan) {
            this.plan = plan;
            WebSocketClientOptions options = new WebSocketClientOptions()
                    .setMaxConnections(plan.calls())
                    .setConnectTimeout((int) plan.connectTimeout().toMillis())
                    .setClosingTimeout(CLOSING_TIMEOUT_SECONDS)
                    .setTcpNoDelay(true)
                    .setVerifyHost(verifyHost);
            if (trusted != null) {
                options.setTrustOptions(trusted);
            }
            this.client = vertx.createWebSocketClient(options);
            for (int i = 0; i < plan.calls(); i++) {
                calls.add(new SimulatedCall(vertx, client, plan, i));
            }
        }

        void begin() {
            // A verticle is Vert.x' public way to an event loop of one's own.
            List<Context> loops = new ArrayList<>();
            List<Future<String>> deployments = new ArrayList<>();
            for (int i = 0; i < Math.min(eventLoops, plan.calls()); i++) {
                AbstractVerticle loop = new AbstractVerticle() {
                    @Override
                    public void start() {
                        synchronized (loops) {
                            loops.add(context);
                        }
                    }
                };
                deployments.add(vertx.deployVerticle(loop, new DeploymentOptions()));
            }
            Future.all(deployments)
                    .compose(deployed -> {
                        List<Future<CallReport>> ends = new ArrayList<>();
                        for (int i = 0; i < calls.size(); i++) {
                            SimulatedCall call = calls.get(i);
                            loops.get(i % loops.size()).runOnContext(ignored -> call.schedule());
                            ends.add(call.end());
                        }
                        return Future.all(ends);
                    })
                    .map(ends -> RunReport.of(ends.list()))
                    .onComplete(outcome -> {
                        client.close();
                        deployments.stream().filter(Future::succeeded).forEach(d -> vertx.undeploy(d.result()));
                        report.handle(outcome);
                    });
        }

        @Override
        public CompletionStage<RunReport> report() {
            return report.future().toCompletionStage();
        }

        @Override
        public List<String> streamSids() {
            return calls.stream().map(SimulatedCall::streamSid).toList();
        }

        @Override
        public void hangUp() {
            calls.forEach(SimulatedCall::hangUp);
        }
    }
}
