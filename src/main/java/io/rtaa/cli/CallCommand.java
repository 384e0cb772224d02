package io.rtaa.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.CallReport;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Lateness;
import io.rtaa.simulator.RunReport;
import io.rtaa.simulator.RunningCalls;
import io.rtaa.simulator.WavReader;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Places calls and prints what happened. */
@Command(
        name = "call",
        mixinStandardHelpOptions = true,
        description = {
            "Places calls over the real Exotel protocol, in real time, and prints what happened.",
            "Exit code 1 if any call was refused, dropped, or sent anything by the server."
        })
final class CallCommand implements Callable<Integer> {
    /** How long Ctrl-C waits for the calls to say goodbye. */
    private static final long GOODBYE_SECONDS = 10;

    private static final int MAX_EVENT_LOOPS = 4;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Option(names = "--url", required = true, paramLabel = "URL", description = "Where to call: ws://host/v1/exotel")
    @SuppressWarnings("NullAway.Init")
    private URI url;

    @Option(
            names = "--audio",
            required = true,
            paramLabel = "FILE.wav",
            description = "What to play: WAV, PCM of 16 or 8 bits, A-law or mu-law, 8000, 16000 or 24000 Hz.")
    @SuppressWarnings("NullAway.Init")
    private Path audio;

    @Option(names = "--calls", defaultValue = "1", paramLabel = "N", description = "How many at once (default: 1).")
    private int calls;

    @Option(
            names = "--seconds",
            converter = Durations.class,
            paramLabel = "S",
            description = "How long each call plays, repeating the file (default: the file once).")
    private @Nullable Duration seconds;

    @Option(names = "--pad", description = "Fill --seconds with silence instead of repeating the file.")
    private boolean pad;

    @Option(
            names = "--frame-ms",
            defaultValue = "20",
            paramLabel = "MS",
            description = "Audio in a message (default: ${DEFAULT-VALUE}; Exotel also sends 100).")
    private int frameMillis;

    @Option(
            names = "--ramp",
            converter = Durations.class,
            defaultValue = "0",
            paramLabel = "S",
            description = "Spread the starts over this time (default: none).")
    @SuppressWarnings("NullAway.Init")
    private Duration ramp;

    @Option(
            names = "--connect-timeout",
            converter = Durations.class,
            defaultValue = "10",
            paramLabel = "S",
            description = "How long a handshake may take (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Duration connectTimeout;

    @Option(names = "--user", paramLabel = "K", description = "User name for Basic.")
    private @Nullable String user;

    @Option(names = "--password", paramLabel = "T", description = "Password for Basic.")
    private @Nullable String password;

    @Option(names = "--token", paramLabel = "JWT", description = "A token, sent as ?token= as Exotel would.")
    private @Nullable String token;

    @Option(
            names = "--ca",
            paramLabel = "FILE",
            description =
                    "PEM file of the CA that signed the certificate of a wss:// server (default: those Java trusts).")
    private @Nullable Path ca;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        if ((user == null) != (password == null)) {
            throw new ParameterException(spec.commandLine(), "--user and --password go together");
        }
        CallPlan plan = plan();
        requireCertificates();
        Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(loops()));
        try {
            RunReport report = run(new ExotelCaller(vertx, loops(), ca).place(plan));
            PrintWriter out = spec.commandLine().getOut();
            if (json) {
                out.println(asJson(report));
            } else {
                printText(report, out);
            }
            return report.succeeded() ? 0 : RtaaCommand.FAILED;
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get();
        }
    }

    private CallPlan plan() {
        try {
            return new CallPlan(
                    url,
                    WavReader.read(audio),
                    seconds,
                    pad,
                    frameMillis,
                    calls,
                    ramp,
                    connectTimeout,
                    user == null ? null : user + ":" + password,
                    token);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--audio: " + e.getMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void requireCertificates() {
        if (ca == null) {
            return;
        }
        try (InputStream file = Files.newInputStream(ca)) {
            if (CertificateFactory.getInstance("X.509")
                    .generateCertificates(file)
                    .isEmpty()) {
                throw new CertificateException("empty");
            }
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--ca: " + ca + " cannot be read", e);
        } catch (CertificateException e) {
            throw new ParameterException(
                    spec.commandLine(), "--ca: " + ca + " holds no certificate; allowed: PEM, one or more", e);
        }
    }

    private static int loops() {
        return Math.min(MAX_EVENT_LOOPS, Runtime.getRuntime().availableProcessors());
    }

    private static RunReport run(RunningCalls running) throws InterruptedException, ExecutionException {
        Thread goodbye = new Thread(() -> hangUp(running), "hang-up");
        Runtime.getRuntime().addShutdownHook(goodbye);
        try {
            return running.report().toCompletableFuture().get();
        } finally {
            unhook(goodbye);
        }
    }

    private static void unhook(Thread goodbye) {
        try {
            Runtime.getRuntime().removeShutdownHook(goodbye);
        } catch (IllegalStateException e) {
            // The process is going down by Ctrl-C: the hook runs already, and is what ended the calls.
        }
    }

    private static void hangUp(RunningCalls running) {
        running.hangUp();
        try {
            running.report().toCompletableFuture().get(GOODBYE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // Nobody is left to tell: the process ends here.
        }
    }

    private static void printText(RunReport report, PrintWriter out) {
        Map<String, Integer> failures = new TreeMap<>();
        for (CallReport call : report.calls()) {
            if (report.calls().size() == 1) {
                out.println("stream_sid " + call.streamSid() + ", call_sid " + call.callSid());
            }
            String failure = call.failure();
            if (failure != null) {
                failures.merge(failure, 1, Integer::sum);
            }
        }
        out.println(counts(report));
        Lateness late = report.lateness();
        out.println(String.format(
                Locale.ROOT,
                "frames late by: median %.1f ms, 99%% %.1f ms, worst %.1f ms",
                late.percentileMillis(50),
                late.percentileMillis(99),
                late.maxMillis()));
        failures.forEach((failure, count) -> out.println(count + " × " + failure));
    }

    private static String counts(RunReport report) {
        long received =
                report.calls().stream().mapToLong(CallReport::messagesReceived).sum();
        return "calls " + report.calls().size()
                + ", connected "
                + report.calls().stream().filter(CallReport::connected).count()
                + ", complete "
                + report.calls().stream().filter(CallReport::complete).count()
                + ", frames sent "
                + report.calls().stream().mapToLong(CallReport::framesSent).sum()
                + ", messages received " + received + (received == 0 ? "" : " (a Stream socket is to get none)")
                + ", close codes "
                + report.calls().stream()
                        .filter(call -> call.closeCode() != null)
                        .collect(Collectors.groupingBy(CallReport::closeCode, TreeMap::new, Collectors.counting()));
    }

    private static String asJson(RunReport report) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("succeeded", report.succeeded());
        json.set("lateness_ms", lateness(report.lateness()));
        var list = json.putArray("calls");
        for (CallReport call : report.calls()) {
            list.addObject()
                    .put("stream_sid", call.streamSid())
                    .put("call_sid", call.callSid())
                    .put("connected", call.connected())
                    .put("complete", call.complete())
                    .put("frames_sent", call.framesSent())
                    .put("bytes_sent", call.bytesSent())
                    .put("messages_received", call.messagesReceived())
                    .put("close_code", call.closeCode())
                    .put("refusal_status", call.refusalStatus())
                    .put("failure", call.failure())
                    .set("lateness_ms", lateness(call.lateness()));
        }
        return json.toString();
    }

    private static ObjectNode lateness(Lateness late) {
        return new ObjectMapper()
                .createObjectNode()
                .put("p50", late.percentileMillis(50))
                .put("p99", late.percentileMillis(99))
                .put("max", late.maxMillis());
    }
}
