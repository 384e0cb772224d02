package io.rtaa.bench.relay;

import io.rtaa.bench.load.Loops;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The bare relay with Redis Streams in between, both sides in one process as rtaa runs with all its roles: audio frame
 * by frame into a stream, pipelined; read by a consumer group and acknowledged batch by batch; results into another
 * stream and read back for the dashboards. Each of the two event loops has an audio stream of its own. Nothing is
 * replayed, leased or checked. Arguments: its port, the recogniser's port, Redis' port.
 */
public final class RedisRelay extends AbstractVerticle {

    private static final String TRANSCRIPTS = "transcripts";
    private static final String GROUP = "relay";
    private static final int BATCH = 500;
    private static final int BLOCK_MILLIS = 1000;
    private static final int KEPT_ENTRIES = 20_000;
    private static final int MOST_UNANSWERED = 1_000_000;
    private static final int END = 0;

    private final int port;
    private final int recogniserPort;
    private final int redisPort;
    private final Dashboards dashboards;
    private final boolean readsTranscripts;
    private final String audioStream;
    private final AtomicInteger lastCall = new AtomicInteger();
    private final Map<Integer, Recogniser> recognisers = new HashMap<>();

    /** @param place which of the event loops this is; the first one also serves the dashboards */
    RedisRelay(int port, int recogniserPort, int redisPort, Dashboards dashboards, int place) {
        this.port = port;
        this.recogniserPort = recogniserPort;
        this.redisPort = redisPort;
        this.dashboards = dashboards;
        this.readsTranscripts = place == 0;
        this.audioStream = "audio-" + place;
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) {
        start(
                Loops.vertx(BareRelay.EVENT_LOOPS),
                Integer.parseInt(arguments[0]),
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]));
    }

    /** Starts it and waits until it listens. */
    public static void start(Vertx vertx, int port, int recogniserPort, int redisPort) {
        Dashboards dashboards = new Dashboards();
        AtomicInteger place = new AtomicInteger();
        Loops.deploy(
                vertx,
                BareRelay.EVENT_LOOPS,
                () -> new RedisRelay(port, recogniserPort, redisPort, dashboards, place.getAndIncrement()));
    }

    @Override
    public void start(Promise<Void> started) {
        WebSocketClient client =
                vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(BareRelay.MOST_CALLS));
        connect()
                .compose(writer -> group(writer)
                        .compose(made -> connect())
                        .onSuccess(reader -> readAudio(reader, writer, client))
                        .compose(reader -> readsTranscripts
                                ? connect().onSuccess(this::readTranscripts)
                                : Future.succeededFuture())
                        .compose(reading -> new Doors(dashboards, () -> new Call(writer, lastCall.incrementAndGet()))
                                .listen(vertx, port)))
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private Future<RedisConnection> connect() {
        return Redis.createClient(
                        vertx,
                        new RedisOptions()
                                .setConnectionString("redis://127.0.0.1:" + redisPort)
                                .setProtocolNegotiation(false)
                                .setMaxWaitingHandlers(MOST_UNANSWERED))
                .connect();
    }

    private Future<Response> group(RedisConnection writer) {
        return writer.send(Request.cmd(Command.XGROUP)
                .arg("CREATE")
                .arg(audioStream)
                .arg(GROUP)
                .arg("$")
                .arg("MKSTREAM"));
    }

    /** Puts one entry into a stream; commands go out without waiting for the answers to those before. */
    private static void add(RedisConnection writer, String stream, int call, byte[] value) {
        writer.send(Request.cmd(Command.XADD)
                .arg(stream)
                .arg("MAXLEN")
                .arg("~")
                .arg(KEPT_ENTRIES)
                .arg("*")
                .arg(call)
                .arg(value));
    }

    private void readAudio(RedisConnection reader, RedisConnection writer, WebSocketClient client) {
        reader.send(Request.cmd(Command.XREADGROUP)
                        .arg("GROUP")
                        .arg(GROUP)
                        .arg("one")
                        .arg("COUNT")
                        .arg(BATCH)
                        .arg("BLOCK")
                        .arg(BLOCK_MILLIS)
                        .arg("STREAMS")
                        .arg(audioStream)
                        .arg(">"))
                .onSuccess(response -> {
                    if (response != null) {
                        Request ack = Request.cmd(Command.XACK).arg(audioStream).arg(GROUP);
                        for (Response entry : entries(response)) {
                            ack.arg(entry.get(0).toBytes());
                            onAudio(entry.get(1), writer, client);
                        }
                        writer.send(ack);
                    }
                    readAudio(reader, writer, client);
                });
    }

    private void onAudio(Response fields, RedisConnection writer, WebSocketClient client) {
        int call = fields.get(0).toInteger();
        byte[] audio = fields.get(1).toBytes();
        if (audio.length == END) {
            Recogniser ended = recognisers.remove(call);
            if (ended != null) {
                ended.end();
            }
            return;
        }
        recognisers
                .computeIfAbsent(
                        call,
                        fresh -> new Recogniser(
                                client,
                                recogniserPort,
                                result -> add(writer, TRANSCRIPTS, fresh, result.getBytes(StandardCharsets.UTF_8))))
                .send(audio);
    }

    private void readTranscripts(RedisConnection reader) {
        readTranscripts(reader, "$");
    }

    private void readTranscripts(RedisConnection reader, String after) {
        reader.send(Request.cmd(Command.XREAD)
                        .arg("COUNT")
                        .arg(BATCH)
                        .arg("BLOCK")
                        .arg(BLOCK_MILLIS)
                        .arg("STREAMS")
                        .arg(TRANSCRIPTS)
                        .arg(after))
                .onSuccess(response -> {
                    String last = after;
                    if (response != null) {
                        for (Response entry : entries(response)) {
                            last = entry.get(0).toString();
                            dashboards.tell(entry.get(1).get(1).toString());
                        }
                    }
                    readTranscripts(reader, last);
                });
    }

    /** The entries of the one stream that was asked for. */
    private static Response entries(Response response) {
        return response.get(0).get(1);
    }

    private final class Call implements CallHandler {
        private final RedisConnection writer;
        private final int number;

        Call(RedisConnection writer, int number) {
            this.writer = writer;
            this.number = number;
        }

        @Override
        public void audio(byte[] pcm) {
            add(writer, audioStream, number, pcm);
        }

        @Override
        public void end() {
            add(writer, audioStream, number, new byte[0]);
        }
    }
}
