package io.rtaa.testsupport.deepgram;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts the stand-in by hand, for who has no key and wants to see the real path at work: from the project's directory
 *
 * <pre>
 * mvn -q test-compile exec:java@deepgram-stand-in -Dexec.args="--port 9091"
 * </pre>
 *
 * and then the service with {@code DEEPGRAM_URL=ws://127.0.0.1:9091} and any {@code DEEPGRAM_API_KEY}.
 */
@Command(
        name = "deepgram-stand-in",
        mixinStandardHelpOptions = true,
        description = "Speaks Deepgram's live protocol; tells bursts of sound as word1, word2 …")
public final class StandInCommand implements Callable<Integer> {

    @Option(names = "--port", description = "port to listen on; 0 takes a free one", defaultValue = "9091")
    private int port;

    @Option(names = "--host", description = "address to listen on", defaultValue = "127.0.0.1")
    private String host = "";

    @Option(names = "--marked", description = "hear the words of the tests' self-describing audio only")
    private boolean marked;

    /** Runs until it is killed. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new StandInCommand()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        DeepgramStandIn.Config config = DeepgramStandIn.Config.standard()
                .withServer(new HttpServerOptions().setHost(host).setPort(port))
                .withHearsAnything(!marked);
        try (DeepgramStandIn standIn = DeepgramStandIn.start(Vertx.vertx(), config)) {
            System.out.printf("Listening on %s; stop it with Ctrl-C. To have calls recognised here:%n", standIn.url());
            System.out.printf("DEEPGRAM_URL=%s DEEPGRAM_API_KEY=anything java -jar target/rtaa.jar%n", standIn.url());
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
