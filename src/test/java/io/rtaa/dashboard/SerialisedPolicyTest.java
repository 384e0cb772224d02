package io.rtaa.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SerialisedPolicyTest {

    private final List<String> entered = new CopyOnWriteArrayList<>();
    private final List<String> passed = new CopyOnWriteArrayList<>();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final DefaultCamelContext context = new DefaultCamelContext();
    /** The common pool may have a single thread, and what waits for the gate holds it. */
    private final ExecutorService threads = Executors.newCachedThreadPool();

    private ProducerTemplate sender;

    @BeforeEach
    void start() throws Exception {
        context.getShutdownStrategy().setTimeout(5);
        context.getRegistry().bind("serialised", new SerialisedPolicy());
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:fan-out").policy("serialised").process(exchange -> {
                    String body = exchange.getMessage().getBody(String.class);
                    entered.add(body);
                    gate.await();
                    if (body.startsWith("bad")) {
                        throw new IllegalStateException(body);
                    }
                    passed.add(body);
                });
            }
        });
        context.start();
        sender = context.createProducerTemplate();
    }

    @AfterEach
    void stop() {
        gate.countDown();
        context.stop();
        threads.shutdown();
    }

    private CompletableFuture<Void> send(String body) {
        return CompletableFuture.runAsync(() -> sender.sendBody("direct:fan-out", body), threads);
    }

    @Test
    void theSecondWaitsForTheFirstAndAFailureLetsTheNextOneIn() {
        CompletableFuture<Void> first = send("bad one");
        await().until(() -> entered.contains("bad one"));
        CompletableFuture<Void> second = send("two");
        assertThat(entered).containsExactly("bad one");

        gate.countDown();

        second.join();
        assertThat(first).failsWithin(Duration.ofSeconds(30));
        assertThat(passed).containsExactly("two");
    }

    @Test
    void anExchangeThatEndsWhileTheServiceStopsLetsTheNextOneIn() {
        CompletableFuture<Void> first = send("one");
        await().until(() -> entered.contains("one"));
        CompletableFuture<Void> second = send("two");
        CompletableFuture<Void> stopping = CompletableFuture.runAsync(context::stop, threads);
        await().until(context::isStopping);

        gate.countDown();

        first.join();
        second.join();
        stopping.join();
        assertThat(passed).containsExactly("one", "two");
        assertThat(context.getShutdownStrategy().isTimeoutOccurred()).isFalse();
    }
}
