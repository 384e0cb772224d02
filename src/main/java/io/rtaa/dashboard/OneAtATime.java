package io.rtaa.dashboard;

import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.support.SynchronizationAdapter;

/**
 * A route step that lets one exchange pass at a time, from here until it is done; the others wait on their threads, which must
 * not be event loops. What a step behind it decides therefore leaves in the order it was decided in.
 *
 * <p>An exchange passes once: a second time it would wait for itself.
 *
 * <p>Thread-safety: any number of threads; an exchange may be finished by another thread than the one that brought it.
 */
public final class OneAtATime implements Processor {

    private final Semaphore free = new Semaphore(1, true);

    @Override
    public void process(Exchange exchange) {
        // Whoever passes does not wait for anything, so this need not be interrupted to come to an end.
        free.acquireUninterruptibly();
        exchange.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
            @Override
            public void onDone(Exchange done) {
                free.release();
            }

            // Nobody takes this over into a queue: what is queued is done here.
            @Override
            public boolean allowHandover() {
                return false;
            }
        });
    }
}
