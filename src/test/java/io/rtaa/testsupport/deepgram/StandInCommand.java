package io.rtaa.testsupport.deepgram;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Starts the stand-in by hand, for who has no key and wants to see the real path at work: from the project's directory
 *
 * <pre>
 * mvn -q test-compile org.codehaus.mojo:exec-maven-plugin:3.5.1:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=io.rtaa.testsupport.deepgram.StandInCommand -Dexec.args="--port 9091"
 * </pre>
 *
 * and then the service with {@code DEEPGRAM_URL=ws://127.0.0.1:9091} and any {@code DEEPGRAM_API_KEY}.
 */
@Command(
        name = "deepgram-stand-in",
        mixinStandardHelpOptions = true,
        description = "Speaks Deepgram's live protocol; tells bursts of sound as word1, word2 …")
public final class StandInCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(StandInCommand.class);

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
            LOG.atInfo().log("listening on {}", standIn.url());
            new CountDownLatch(1).await();
        }
        return 0;
    }
}
