package io.rtaa.cluster;

import static io.rtaa.cluster.Expectation.CALLS_END_AS_LOST;
import static io.rtaa.cluster.Expectation.EVERY_WORD;
import static io.rtaa.cluster.Step.at;
import static io.rtaa.cluster.Step.backAt;

import io.rtaa.testsupport.cluster.ServerProcess;
import io.rtaa.testsupport.cluster.Wire;
import java.util.List;

/** What is expected, and what is done: to whom and what, how many seconds after all calls kept up. */
@SuppressWarnings("ImmutableEnumChecker") // A list that is never changed, of steps without state.
enum Scenario {
    NOTHING_HAPPENS("nothing happens", EVERY_WORD),

    WORKER_KILLED("kill -9 of a worker", EVERY_WORD, at(0, Cluster::worker, ServerProcess::kill)),

    WORKER_TERMINATED("SIGTERM of a worker", EVERY_WORD, at(0, Cluster::worker, ServerProcess::terminate)),

    WORKER_STOPPED(
            "SIGSTOP of a worker for 20 s",
            EVERY_WORD,
            at(0, Cluster::worker, ServerProcess::suspend),
            at(20, Cluster::worker, ServerProcess::resume)),

    /** Calls that were taken over once are so again, by the worker that lost them. */
    WORKERS_FAIL_IN_TURN(
            "a worker stopped, then the other killed",
            EVERY_WORD,
            at(0, Cluster::worker, ServerProcess::suspend),
            at(20, Cluster::worker, ServerProcess::resume),
            at(25, Cluster::otherWorker, ServerProcess::kill)),

    BROKER_RESTARTED(
            "the broker restarted",
            EVERY_WORD,
            at(0, Cluster::broker, ServerProcess::terminate),
            backAt(3, Cluster::broker, ServerProcess::start)),

    CONNECTIONS_CUT(
            "the broker's connections cut for 10 s",
            EVERY_WORD,
            at(0, Cluster::wire, Wire::cut),
            backAt(10, Cluster::wire, Wire::mend)),

    DASHBOARD_RESTARTED(
            "the dashboard restarted",
            EVERY_WORD,
            at(0, Cluster::dashboard, ServerProcess::terminate),
            backAt(3, Cluster::dashboard, ServerProcess::start)),

    INGEST_KILLED("kill -9 of ingest", CALLS_END_AS_LOST, at(0, Cluster::ingest, ServerProcess::kill));

    private final String label;
    private final Expectation expectation;
    private final List<Step> steps;

    Scenario(String label, Expectation expectation, Step... steps) {
        this.label = label;
        this.expectation = expectation;
        this.steps = List.of(steps);
    }

    Expectation expectation() {
        return expectation;
    }

    List<Step> steps() {
        return steps;
    }

    @Override
    public String toString() {
        return label;
    }
}
