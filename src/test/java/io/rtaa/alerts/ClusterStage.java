package io.rtaa.alerts;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.rtaa.testsupport.cluster.Broker;
import io.rtaa.testsupport.cluster.RedisProcess;
import io.rtaa.testsupport.cluster.RtaaProcess;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An ingest, a worker and a dashboard on one Redis, with the routes of a team. */
final class ClusterStage implements Stage {

    private static final int CALLS = 4;
    private static final Duration ALL_THE_TIME = Duration.ofMinutes(30);
    private static final int REFUSES = 404;

    private final Phone phone;
    private final DeepgramStandIn recogniser;
    private final TeamService team;
    private final Broker redis;
    private final RtaaProcess ingest;
    private final RtaaProcess worker;
    private final RtaaProcess dashboard;

    ClusterStage(Vertx vertx, Phone phone, Path directory) throws Exception {
        this.phone = phone;
        recogniser = DeepgramStandIn.start(vertx);
        team = new TeamService();
        redis = new RedisProcess(directory);
        Map<String, String> settings = new HashMap<>(redis.settings());
        settings.put("DEEPGRAM_API_KEY", "key");
        settings.put("DEEPGRAM_URL", recogniser.url().toString());
        ingest = new RtaaProcess("ingest", directory, "ingest", settings);
        worker = new RtaaProcess("worker", directory, "asr", settings);
        settings.put("RTAA_ROUTES", team.routes(directory).toString());
        dashboard = new RtaaProcess("dashboard", directory, "dashboard", settings);
    }

    @Override
    public void launch() {
        redis.start();
        processes().forEach(RtaaProcess::launch);
    }

    @Override
    public List<RtaaProcess> processes() {
        return List.of(ingest, worker, dashboard);
    }

    @Override
    public void placeCalls() {
        phone.speak(ingest.address("ws", "/v1/exotel"), CALLS, ALL_THE_TIME);
    }

    @Override
    public List<List<Incident>> incidents() {
        return List.of(List.of(
                Incident.of(
                        "the only worker is killed; it is started again",
                        worker::kill,
                        worker::start,
                        "ProcessDown",
                        "AudioNobodyReads"),
                Incident.of(
                        "a team's service is away to which a sink and another route post; it is back",
                        () -> team.wire().cut(),
                        () -> team.wire().mend(),
                        "SinkFails",
                        "RouteFails",
                        "BusLags"),
                Incident.of(
                        "a team's service answers what its routes send with 404; it takes it",
                        () -> team.answer(REFUSES),
                        () -> team.answer(200),
                        "RouteGivesUp",
                        "RouteMostlyFails"),
                Incident.of(
                        "the lines to Redis are cut; they are mended",
                        () -> redis.wire().cut(),
                        () -> redis.wire().mend(),
                        "BusUnreachable"),
                Incident.of(
                        "Redis has no memory for what is published; it gets more",
                        () -> limitMemory("1mb"),
                        () -> limitMemory("0"),
                        "BusAway")));
    }

    private void limitMemory(String most) {
        try (RedisClient client = RedisClient.create(RedisURI.create("127.0.0.1", redis.port()));
                StatefulRedisConnection<String, String> connection = client.connect()) {
            connection.sync().configSet("maxmemory", most);
        }
    }

    @Override
    public void close() {
        processes().forEach(RtaaProcess::close);
        redis.close();
        team.close();
        recogniser.close();
    }
}
