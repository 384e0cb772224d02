package io.rtaa.alerts;

import io.rtaa.testsupport.cluster.RtaaProcess;
import java.util.List;

/** Processes, what they lean on, and what can go wrong with them. */
interface Stage extends AutoCloseable {

    /** Starts what the processes lean on, and them, and returns without waiting for them. */
    void launch() throws Exception;

    List<RtaaProcess> processes();

    /** Places calls that go on for as long as the stage does. */
    void placeCalls() throws Exception;

    /** What goes wrong: lists that are played at the same time, each from its beginning to its end. */
    List<List<Incident>> incidents();

    @Override
    void close();
}
