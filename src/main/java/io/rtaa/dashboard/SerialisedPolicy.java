package io.rtaa.dashboard;

import java.util.concurrent.Semaphore;
import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProcessor;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.Route;
import org.apache.camel.spi.Policy;
import org.apache.camel.support.processor.DelegateAsyncProcessor;

/**
 * Lets one exchange at a time through the steps it is the policy of; the others wait on their threads, which must not be
 * event loops. What the steps decide therefore leaves in the order it was decided in. An exchange whose own steps send
 * another one to the same route, and wait for it, would wait for ever.
 *
 * <p>No {@link org.apache.camel.spi.RoutePolicy}: Camel does not tell one of exchanges that end while it stops, and the
 * next exchange would wait for them for ever.
 *
 * <p>Thread-safety: any number of threads; an exchange may be finished by another thread than the one that brought it.
 */
public final class SerialisedPolicy implements Policy {

    private final Semaphore free = new Semaphore(1, true);

    @Override
    public void beforeWrap(Route route, NamedNode definition) {
        // The steps need no preparation.
    }

    @Override
    public Processor wrap(Route route, Processor steps) {
        return new Turns(steps);
    }

    private final class Turns extends DelegateAsyncProcessor {

        Turns(Processor steps) {
            super(steps);
        }

        @Override
        public boolean process(Exchange exchange, AsyncCallback callback) {
            // Whoever passes does not wait for anything, so this need not be interrupted to come to an end.
            free.acquireUninterruptibly();
            AsyncProcessor steps = getProcessor();
            return steps.process(exchange, doneSync -> {
                free.release();
                callback.done(doneSync);
            });
        }
    }
}
