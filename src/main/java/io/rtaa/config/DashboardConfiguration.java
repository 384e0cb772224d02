package io.rtaa.config;

import io.rtaa.dashboard.CallBook;
import io.rtaa.dashboard.DashboardApi;
import io.rtaa.dashboard.DashboardPage;
import io.rtaa.dashboard.PageWorkers;
import io.rtaa.dashboard.TranscriptFanOut;
import io.rtaa.dashboard.UnsentAnswers;
import io.rtaa.edge.listener.PublicListener;
import io.rtaa.kafka.KafkaBus;
import io.rtaa.redis.RedisStreamsComponent;
import io.rtaa.routes.HandshakeRoute;
import io.rtaa.tracing.CallTracing;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.Predicate;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.ApplicationRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

/** The dashboard's projection, API and page, in processes that have the role. */
@Configuration(proxyBeanMethods = false)
@Conditional(HasDashboardRole.class)
class DashboardConfiguration {

    private static final Duration LOOK = Duration.ofSeconds(1);

    /** The route that decides who may read, over HTTP as over a websocket. */
    static final String VIEWER_HANDSHAKE = "direct:viewer-handshake";

    @Bean
    CallBook callBook(Clock clock, RtaaSettings settings) {
        return new CallBook(clock, CallBook.Limits.DEFAULT, settings.callLostAfter());
    }

    /** While the bus cannot be read, no call is to blame for its silence. */
    @Bean
    ApplicationRunner booksLooks(Vertx vertx, CallBook book, RedisStreamsComponent redisStreams, KafkaBus kafka) {
        return arguments -> vertx.setPeriodic(
                LOOK.toMillis(), timer -> book.looks(redisStreams.fault() == null && kafka.fault() == null));
    }

    @Bean
    TranscriptFanOut transcriptFanOut(CallBook book, Clock clock, CallTracing tracing) {
        return new TranscriptFanOut(book, clock, tracing);
    }

    /** Whether a tick would find something to do: asked many times a second, and mostly in vain. */
    @Bean
    Predicate snapshotsPending(TranscriptFanOut fanOut) {
        return exchange -> fanOut.isAnybodyBehind();
    }

    @Bean
    PageWorkers pageWorkers() {
        return new PageWorkers();
    }

    @Bean
    InitializingBean dashboardOnListener(
            PublicListener listener,
            CamelContext context,
            CallBook book,
            DemoCaller demoCaller,
            Clock clock,
            PageWorkers workers) {
        return () -> {
            HandshakeRoute handshake = new HandshakeRoute(
                    context, VIEWER_HANDSHAKE, listener.options().handshakeTimeout());
            context.addService(handshake, true, true);
            ErasureRoute erasures = new ErasureRoute(context);
            context.addService(erasures, true, true);
            new DashboardApi(
                            book,
                            handshake,
                            demoCaller.isAllowed() ? demoCaller::place : null,
                            erasures::erase,
                            clock,
                            workers,
                            new UnsentAnswers(UnsentAnswers.DEFAULT_MOST_BYTES))
                    .mount(listener.router());
            new DashboardPage(workers).mount(listener.router());
        };
    }
}
