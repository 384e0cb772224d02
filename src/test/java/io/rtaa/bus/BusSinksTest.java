package io.rtaa.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.testsupport.ConcurrentTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.FailedToStartRouteException;

/** What every bus keeps to where routes read it as sinks; each bus's own test extends this class. */
public abstract class BusSinksTest extends BusTest {

    @ConcurrentTest
    void aSinkGetsEachEventButPartialsOnceAndInOrder() {
        Speech call = new Speech("t", "sink");
        List<TranscriptEvent> seen = new CopyOnWriteArrayList<>();
        BusProcess process = process().reads("crm", sink("crm"), seen::add).start();

        process.publish(call.started(1));
        process.publish(call.partial(2, 1));
        process.publish(call.words(3, 1, 1));
        process.publish(call.partial(4, 2));
        process.publish(call.words(5, 2, 2));
        process.publish(call.ended(6, 2));

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(seen)
                        .containsExactly(call.started(1), call.words(3, 1, 1), call.words(5, 2, 2), call.ended(6, 2)));
    }

    @ConcurrentTest
    void sinksOfDifferentNamesEachGetEverything() {
        Speech call = new Speech("t", "sinks");
        List<TranscriptEvent> crm = new CopyOnWriteArrayList<>();
        List<TranscriptEvent> archive = new CopyOnWriteArrayList<>();
        BusProcess process = process()
                .reads("crm", sink("crm"), crm::add)
                .reads("archive", sink("CRM"), archive::add)
                .start();

        events(call, 20).forEach(process::publish);

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(crm).containsExactlyElementsOf(events(call, 20));
            assertThat(archive).containsExactlyElementsOf(events(call, 20));
        });
    }

    @ConcurrentTest
    void anEventThatASinkFailsOnIsOfferedAgainBeforeLaterOnes() {
        Speech call = new Speech("t", "failing-sink");
        AtomicInteger failures = new AtomicInteger();
        List<TranscriptEvent> seen = new CopyOnWriteArrayList<>();
        BusProcess process = process()
                .reads("crm", sink("crm"), event -> {
                    if (event.seq() == 3 && failures.incrementAndGet() <= 3) {
                        throw new IllegalStateException("the CRM is away");
                    }
                    seen.add(event);
                })
                .start();

        events(call, 20).forEach(process::publish);

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(seen).containsExactlyElementsOf(events(call, 20)));
        assertThat(failures).hasValue(4);
    }

    @ConcurrentTest
    void aSecondRouteOfOneSinkInAProcessIsRefused() {
        BusProcess process =
                process().reads("first", sink("crm"), event -> {}).reads("second", sink("crm"), event -> {});

        assertThatThrownBy(process::start)
                .isInstanceOf(FailedToStartRouteException.class)
                .hasMessageContaining("second")
                .hasMessageContaining("Multiple consumers for the same endpoint is not allowed")
                .hasMessageContaining("sink=crm");
    }

    @ConcurrentTest
    void aNameThatIsNoSinksStopsTheStart() {
        BusProcess process = process().reads("crm", sink("c.r m"), event -> {});

        assertThatThrownBy(process::start)
                .rootCause()
                .hasMessage("the name of a sink is 'c.r m'; allowed: 1 to 48 letters, digits, '-' and '_'");
    }

    @ConcurrentTest
    void aSinkIsNotPublishedTo() {
        BusProcess process = process().start();

        assertThatThrownBy(() -> process.context().createProducerTemplate().sendBody(sink("crm"), "x"))
                .rootCause()
                .hasMessage("the sink 'crm' is read from; a route that publishes names {{rtaa.bus.transcripts}}");
    }

    /** The placeholder of a sink. */
    protected static String sink(String name) {
        return "{{rtaa.bus.sink:" + name + "}}";
    }
}
