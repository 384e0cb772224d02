package io.rtaa.asr.deepgram;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.rtaa.asr.RecogniserConnection;
import io.rtaa.asr.RecogniserRequest;
import io.rtaa.call.CallInfo;
import io.rtaa.call.StreamId;
import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.deepgram.Quirks;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.rtaa.testsupport.deepgram.StandInConnection;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** A stand-in for Deepgram, providers that connect to it over real sockets, and what one connection reports. */
final class DeepgramProviderFixture implements AutoCloseable {

    static final int RATE = 8000;
    static final Duration LONG = Duration.ofSeconds(30);
    static final Duration SHORT = Duration.ofMillis(80);
    static final SpokenAudio AUDIO = SpokenAudio.speak(RATE, 1, 20, 7);

    private static final int FRAME_MILLIS = 100;

    final Vertx vertx = Vertx.vertx();
    final RecordingListener heard = new RecordingListener();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final List<Runnable> closing = new ArrayList<>();
    private DeepgramStandIn standIn = start(config(Quirks.NONE));

    /** Looks often. */
    static ConditionFactory await() {
        return Awaitility.await().pollInterval(Duration.ofMillis(10));
    }

    /** A stand-in whose clock runs so fast that audio may be sent at once. */
    static DeepgramStandIn.Config config(Quirks quirks) {
        return DeepgramStandIn.Config.standard()
                .withQuirks(quirks)
                .withNanoTime(() -> System.nanoTime() * 100_000)
                .withIdleTimeout(Duration.ofDays(100));
    }

    static RecogniserRequest request(int sampleRate) {
        return new RecogniserRequest(
                new CallInfo(new StreamId("acme", "call-1"), null, null, null, null, sampleRate, 0));
    }

    static List<String> texts(SpokenAudio audio) {
        return audio.words().stream().map(SpokenAudio.Spoken::text).toList();
    }

    static String results(int start, int duration, String text, boolean isFinal, boolean speechFinal) {
        return "{\"type\":\"Results\",\"start\":" + start + ",\"duration\":" + duration + ",\"is_final\":" + isFinal
                + ",\"speech_final\":" + speechFinal + ",\"channel\":{\"alternatives\":[{\"transcript\":\"" + text
                + "\",\"words\":[]}]}}";
    }

    DeepgramStandIn standIn() {
        return standIn;
    }

    /** Starts another stand-in, to which the providers made from now on connect. */
    void replaceStandIn(DeepgramStandIn.Config config) {
        standIn = start(config);
    }

    /** The stand-in's end of a connection. */
    StandInConnection connection(int index) {
        return standIn.connections().get(index);
    }

    /** Lets the stand-in send a message on its live connections. */
    void says(String text) {
        standIn.hitLive(new Fault.Say(Duration.ZERO, text));
    }

    DeepgramProvider provider(String keys) {
        return provider(DeepgramKeys.of(keys));
    }

    DeepgramProvider provider(DeepgramKeys keys) {
        return provider(keys, transport(LONG, LONG, LONG, LONG));
    }

    DeepgramProvider provider(String keys, DeepgramTransport transport) {
        return provider(DeepgramKeys.of(keys), transport);
    }

    DeepgramProvider provider(DeepgramKeys keys, DeepgramTransport transport) {
        DeepgramProvider provider = new DeepgramProvider(vertx, meters, transport, DeepgramOptions.DEFAULTS, keys);
        closing.add(provider::close);
        return provider;
    }

    DeepgramTransport transport(Duration connect, Duration keepAlive, Duration send, Duration drain) {
        return new DeepgramTransport(standIn.url(), connect, keepAlive, send, drain, LONG, LONG);
    }

    /** Opens a connection of a provider with these keys for {@link #heard}, and waits until it is open. */
    RecogniserConnection open(String keys) {
        return openOn(provider(keys));
    }

    RecogniserConnection open(String keys, DeepgramTransport transport) {
        return openOn(provider(keys, transport));
    }

    /** Opens a connection for {@link #heard}, and waits until it is open at both ends. */
    RecogniserConnection openOn(DeepgramProvider provider) {
        return openOn(provider, RATE);
    }

    RecogniserConnection openOn(DeepgramProvider provider, int sampleRate) {
        int before = standIn.connections().size();
        RecogniserConnection connection = provider.open(request(sampleRate), heard);
        awaitOpen(heard, before);
        return connection;
    }

    /** Opens a connection for a listener of its own, and waits until it is open at both ends. */
    RecordingListener openAnother(DeepgramProvider provider) {
        int before = standIn.connections().size();
        RecordingListener listener = new RecordingListener();
        provider.open(request(RATE), listener);
        awaitOpen(listener, before);
        return listener;
    }

    /** The client hears of the upgrade first: what the stand-in is told to say before it knows of it would not be said. */
    private void awaitOpen(RecordingListener listener, int connectionsBefore) {
        await().until(() -> listener.isOpen() && standIn.connections().size() > connectionsBefore);
    }

    /** Sends all of it, not so fast that too much would wait to be sent. */
    void say(RecogniserConnection connection, SpokenAudio audio) {
        long sentMillis = 0;
        for (byte[] frame : audio.frames(FRAME_MILLIS)) {
            connection.send(frame);
            sentMillis += FRAME_MILLIS;
            if (sentMillis % 5000 == 0) {
                long soFar = sentMillis;
                await().until(() -> connection(0).audioMillis() >= soFar || heard.isClosed());
            }
        }
    }

    double handshakes(HandshakeResult result) {
        return meters.get("rtaa.deepgram.handshakes")
                .tag("result", result.name().toLowerCase(Locale.ROOT))
                .counter()
                .count();
    }

    double count(String what) {
        return meters.get("rtaa.deepgram." + what).counter().count();
    }

    double refusedKeys() {
        return meters.get("rtaa.deepgram.keys.refused").gauge().value();
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
        // Vert.x reports an error for a verticle that a provider undeploys while Vert.x closes.
        await().until(() -> vertx.deploymentIDs().isEmpty());
        vertx.close();
    }

    private DeepgramStandIn start(DeepgramStandIn.Config config) {
        DeepgramStandIn started = DeepgramStandIn.start(vertx, config);
        closing.add(started::close);
        return started;
    }
}
