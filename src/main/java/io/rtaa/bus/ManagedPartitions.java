package io.rtaa.bus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators see of the partitions of audio that this worker holds on a bus, whichever it is, and how they have it
 * give them back to the other workers.
 *
 * <p>Thread-safety: safe; the operations return once the routes have stopped or started.
 */
@ManagedResource(description = "The partitions of audio that this process holds on the bus")
public final class ManagedPartitions {

    private static final Logger LOG = LoggerFactory.getLogger(ManagedPartitions.class);

    private final Supplier<List<Integer>> held;
    private final List<String> routes;
    private final CamelContext context;

    /**
     * @param held the partitions, by their numbers
     * @param routes the ids of the routes that read audio from the bus
     */
    public ManagedPartitions(Supplier<List<Integer>> held, List<String> routes, CamelContext context) {
        this.held = held;
        this.routes = List.copyOf(routes);
        this.context = context;
    }

    @ManagedAttribute(description = "The numbers of the partitions that are held")
    public List<Integer> getPartitions() {
        return new ArrayList<>(held.get());
    }

    /** By route id, its state: started, or stopped after {@link #giveBack}. */
    @ManagedAttribute(description = "The routes that read audio from the bus, each with its state")
    public Map<String, String> getRoutes() {
        Map<String, String> states = new LinkedHashMap<>();
        for (String id : routes) {
            Route route = context.getRoute(id);
            if (route != null) {
                states.put(id, String.valueOf(context.getRouteController().getRouteStatus(id)));
            }
        }
        return states;
    }

    /** Stops the routes that read audio: what is final is published, and other workers go on with the calls. */
    @ManagedOperation(
            description =
                    "Gives all partitions back until takeAgain: other workers go on with their calls. Without another"
                            + " worker the calls wait")
    public String giveBack() throws Exception {
        for (String id : routes) {
            context.getRouteController().stopRoute(id);
        }
        LOG.info("An operator has this worker give back its partitions");
        return "all partitions are given back";
    }

    /** Starts those routes again. */
    @ManagedOperation(description = "Takes this worker's share of the partitions again")
    public String takeAgain() throws Exception {
        for (String id : routes) {
            context.getRouteController().startRoute(id);
        }
        return "takes partitions again";
    }
}
