package io.rtaa.alerts;

import io.rtaa.simulator.RunningCalls;
import io.rtaa.testsupport.cluster.RtaaProcess;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.DeepgramStandIn.Ongoing;
import io.rtaa.testsupport.deepgram.Fault;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All roles in one process with little memory, and a recogniser that troubles it. */
final class ServiceStage implements Stage {

    private static final int HEAP_MEGABYTES = 192;
    private static final int PLACES = 16;
    private static final int CALLS = 2;

    /** Together more than the heap's share at which the alert fires. */
    private static final int UPLOADS = 12;

    private static final int UPLOAD_SECONDS = 60;

    /** More than half of all calls that speak, on all stages. */
    private static final int MOST_CALLS = 8;

    private static final Duration ALL_THE_TIME = Duration.ofMinutes(30);
    private static final Duration SHORT = Duration.ofSeconds(20);
    private static final int AWAY = 503;

    private final Phone phone;
    private final DeepgramStandIn recogniser;
    private final RtaaProcess service;
    private final Uploads uploads = new Uploads();
    private final List<RunningCalls> calls = new ArrayList<>();
    private final List<Ongoing> faults = new ArrayList<>();

    ServiceStage(Vertx vertx, Phone phone, Path directory) {
        this.phone = phone;
        recogniser = DeepgramStandIn.start(vertx);
        service = new RtaaProcess(
                "service",
                directory,
                HEAP_MEGABYTES,
                Map.of(
                        "DEEPGRAM_API_KEY", "first,second",
                        "DEEPGRAM_URL", recogniser.url().toString(),
                        "ASR_MAX_SESSIONS", Integer.toString(PLACES),
                        "RTAA_ASR_KEEP_AUDIO_SECONDS", "300",
                        "RTAA_LIMITS_AUDIO_SPEED", "0",
                        "RTAA_LIMITS_INGEST_LEAD_SECONDS", "0",
                        "RTAA_LIMITS_FRAMES_PER_SECOND", "0",
                        "RTAA_LIMITS_BYTES_PER_SECOND", "0"));
    }

    @Override
    public void launch() {
        service.launch();
    }

    @Override
    public List<RtaaProcess> processes() {
        return List.of(service);
    }

    @Override
    public void placeCalls() {
        phone.speak(door(), CALLS, ALL_THE_TIME);
    }

    private URI door() {
        return service.address("ws", "/v1/exotel");
    }

    @Override
    public List<List<Incident>> incidents() {
        return List.of(List.of(
                Incident.of(
                        "Deepgram refuses a call the first of two keys; it takes both, and a call comes",
                        () -> {
                            recogniser.acceptOnly("second");
                            phone.speak(door(), 1, SHORT);
                        },
                        () -> {
                            recogniser.acceptOnly("first", "second");
                            calls.add(phone.speak(door(), 1, SHORT));
                        },
                        "KeyRefused"),
                Incident.of(
                        "Deepgram refuses both keys; it takes both",
                        () -> {
                            recogniser.acceptOnly("none");
                            recogniser.hitLive(Fault.drop(Duration.ZERO));
                        },
                        () -> recogniser.acceptOnly("first", "second"),
                        "RecogniserRefuses"),
                Incident.of(
                        "Deepgram drops its connections and answers 503, while recordings are sent; it is back",
                        this::takeRecogniserAway,
                        this::bringRecogniserBack,
                        "RecogniserOutOfOrder",
                        "TranscriptsLate",
                        "BacklogGrows"),
                Incident.of(
                        "more calls than ASR_MAX_SESSIONS; they hang up",
                        () -> calls.add(phone.speak(door(), PLACES, ALL_THE_TIME)),
                        this::hangUp,
                        "CallsWait"),
                Incident.of(
                        "a call plays music; it ends",
                        () -> calls.add(phone.playMusic(door(), 1, ALL_THE_TIME)),
                        this::hangUp,
                        "CallUnheard"),
                Incident.of(
                        "most calls play music; they end",
                        () -> calls.add(phone.playMusic(door(), MOST_CALLS, ALL_THE_TIME)),
                        this::hangUp,
                        "CallsUnheard"),
                Incident.of(
                        "Deepgram cannot decode the audio of one call; the next call is heard",
                        () -> {
                            recogniser.nextConnections(Fault.undecodable(Duration.ofSeconds(1)));
                            phone.speak(door(), 1, SHORT);
                        },
                        () -> phone.speak(door(), 1, SHORT),
                        "AudioLost")));
    }

    private void takeRecogniserAway() {
        faults.add(recogniser.during(Fault.refuse(AWAY)));
        recogniser.hitLive(Fault.drop(Duration.ZERO));
        uploads.send(service, UPLOADS, UPLOAD_SECONDS);
    }

    private void bringRecogniserBack() {
        faults.forEach(Ongoing::close);
        uploads.end();
    }

    private void hangUp() {
        calls.forEach(RunningCalls::hangUp);
    }

    @Override
    public void close() {
        service.close();
        recogniser.close();
    }
}
