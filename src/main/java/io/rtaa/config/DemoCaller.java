package io.rtaa.config;

import io.rtaa.call.StreamId;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.simulator.CallPlan;
import io.rtaa.simulator.CallReport;
import io.rtaa.simulator.ExotelCaller;
import io.rtaa.simulator.Recording;
import io.rtaa.simulator.RunningCalls;
import io.rtaa.simulator.WavReader;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.ClassPathResource;
import org.springframework.stereotype.Component;

/**
 * Plays the bundled conversation to this process' own door, over a real socket, as Exotel would.
 *
 * <p>Thread-safety: any thread.
 */
@Component
class DemoCaller {

    private static final Logger LOG = LoggerFactory.getLogger(DemoCaller.class);

    private static final String CONVERSATION = "demo/conversation.wav";

    /** The latest demo calls whose ids are known: more than are under way at once, their last words included. */
    private static final int MAX_KNOWN = 32;

    private final PublicListener listener;
    private final RtaaSettings settings;
    private final ExotelCaller caller;
    /** Guarded by this: interaction ids, the oldest first. */
    private final Deque<String> known = new ArrayDeque<>();

    private @Nullable Recording conversation;

    DemoCaller(Vertx vertx, PublicListener listener, RtaaSettings settings, ListenerCertificate certificate) {
        this.listener = listener;
        this.settings = settings;
        // The certificate is for the name that the outside knows, and maybe by a CA that Java does not.
        this.caller = new ExotelCaller(vertx, 1, certificate);
    }

    /** A demo call comes in without a credential, by the door that every caller uses. */
    boolean isAllowed() {
        return settings.has(ServiceRole.INGEST) && settings.isOpen(Door.EXOTEL) && settings.isOpen(Door.TRANSCRIPTS);
    }

    /** Places a call and gives its interaction id; the call goes on by itself. */
    CompletionStage<String> place() {
        try {
            Recording recording = conversation();
            URI door = URI.create(
                    (listener.isTls() ? "wss://" : "ws://") + host() + ":" + listener.actualPort() + "/v1/exotel");
            RunningCalls call = caller.place(CallPlan.of(door, recording));
            String interactionId = call.streamSids().get(0);
            remember(interactionId);
            call.report().thenAccept(report -> {
                CallReport played = report.calls().get(0);
                LOG.atInfo()
                        .addKeyValue("interaction_id", played.streamSid())
                        .log(
                                "A demo call {}",
                                played.succeeded() ? "was played to its end" : "ended early: " + played.failure());
            });
            return CompletableFuture.completedStage(interactionId);
        } catch (IOException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    private synchronized void remember(String interactionId) {
        if (known.size() == MAX_KNOWN) {
            known.removeFirst();
        }
        known.addLast(interactionId);
    }

    /** Whether a stream is one of the latest demo calls of this process. */
    synchronized boolean isDemoCall(StreamId stream) {
        return known.contains(stream.interactionId());
    }

    private synchronized Recording conversation() throws IOException {
        if (conversation == null) {
            conversation = WavReader.parse(new ClassPathResource(CONVERSATION).getContentAsByteArray());
        }
        return conversation;
    }

    private String host() {
        String bound = settings.bindAddress();
        if (bound.equals("0.0.0.0") || bound.equals("::")) {
            return "127.0.0.1";
        }
        return bound.contains(":") ? "[" + bound + "]" : bound;
    }
}
