package io.rtaa.dashboard;

import java.util.concurrent.Semaphore;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;

/**
 * Lets one exchange at a time through the route it is the policy of; the others wait on their threads, which must not be event
 * loops. What the route decides therefore leaves in the order it was decided in. An exchange whose own steps send another one to
 * the same route, and wait for it, would wait for ever.
 *
 * <p>Thread-safety: any number of threads; an exchange may be finished by another thread than the one that brought it.
 */
public final class OneAtATime extends RoutePolicySupport {

    private final Semaphore free = new Semaphore(1, true);

    @Override
    public void onExchangeBegin(Route route, Exchange exchange) {
        // Whoever passes does not wait for anything, so this need not be interrupted to come to an end.
        free.acquireUninterruptibly();
    }

    @Override
    public void onExchangeDone(Route route, Exchange exchange) {
        free.release();
    }

    /** Always: where a policy has stopped, Camel leaves out the second of the two calls above. */
    @Override
    public boolean isRunAllowed() {
        return true;
    }
}
