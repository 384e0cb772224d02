package io.rtaa.alerts;

import io.rtaa.testsupport.ExtractedJar;
import io.rtaa.testsupport.JavaCommand;
import io.rtaa.testsupport.cluster.RtaaProcess;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Fault;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A service whose jar lacks a class that a session needs once its connection was lost. Nothing that comes from outside makes
 * a step of a session throw, as far as is known; a damaged jar does, as no memory would.
 */
final class DamagedStage implements Stage {

    private static final String JAR = "rtaa.jar";
    private static final String LIBRARIES = "lib";
    private static final String MISSING = "/io/rtaa/asr/ReplayCut.class";
    private static final int HEAP_MEGABYTES = 192;
    private static final int CALLS = 1;
    private static final Duration ALL_THE_TIME = Duration.ofMinutes(30);

    private final Phone phone;
    private final DeepgramStandIn recogniser;
    private final RtaaProcess service;

    DamagedStage(Vertx vertx, Phone phone, Path directory) throws IOException {
        this.phone = phone;
        recogniser = DeepgramStandIn.start(vertx);
        service = new RtaaProcess(
                "damaged",
                damaged(directory.resolve("damaged")),
                JavaCommand.small(HEAP_MEGABYTES).arguments(List.of("-jar", JAR)),
                Map.of(
                        "DEEPGRAM_API_KEY", "key", "DEEPGRAM_URL", recogniser.url().toString()));
    }

    private static Path damaged(Path folder) throws IOException {
        Path whole = ExtractedJar.directory();
        Files.createDirectories(folder);
        Files.createSymbolicLink(folder.resolve(LIBRARIES), whole.resolve(LIBRARIES));
        Path jar = Files.copy(whole.resolve(JAR), folder.resolve(JAR));
        try (FileSystem content = FileSystems.newFileSystem(jar)) {
            Files.delete(content.getPath(MISSING));
        }
        return folder;
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
        phone.speak(service.address("ws", "/v1/exotel"), CALLS, ALL_THE_TIME);
    }

    @Override
    public List<List<Incident>> incidents() {
        return List.of(List.of(Incident.of(
                "a call's connection is lost where the jar lacks a class that is needed then; nothing",
                () -> recogniser.hitLive(Fault.drop(Duration.ZERO)),
                () -> phone.speak(service.address("ws", "/v1/exotel"), 1, Duration.ofSeconds(10)),
                "SessionsFailed")));
    }

    @Override
    public void close() {
        service.close();
        recogniser.close();
    }
}
