package io.rtaa.alerts;

import io.rtaa.testsupport.ExtractedJar;
import io.rtaa.testsupport.JavaCommand;
import io.rtaa.testsupport.cluster.RtaaProcess;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
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
 * A service whose jar lacks a class that every session needs. Nothing that peers send makes a step of a session throw, as far
 * as is known; a damaged jar does, as too little memory would.
 */
final class DamagedStage implements Stage {

    private static final String JAR = "rtaa.jar";
    private static final String LIBRARIES = "lib";
    private static final String MISSING = "/io/rtaa/asr/ReplayCut.class";
    private static final int HEAP_MEGABYTES = 192;
    private static final Duration SHORT = Duration.ofSeconds(5);

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
                        "DEEPGRAM_API_KEY",
                        "key",
                        "DEEPGRAM_URL",
                        recogniser.url().toString()));
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

    /** The first call is the fault. */
    @Override
    public void placeCalls() {}

    @Override
    public List<List<Incident>> incidents() {
        return List.of(List.of(Incident.of(
                "a call comes to a service whose jar lacks a class of its sessions; no other call comes",
                () -> phone.speak(service.address("ws", "/v1/exotel"), 1, SHORT),
                () -> {},
                "SessionsFailed")));
    }

    @Override
    public void close() {
        service.close();
        recogniser.close();
    }
}
