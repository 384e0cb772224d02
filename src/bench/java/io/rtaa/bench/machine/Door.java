package io.rtaa.bench.machine;

/** The process of a system that callers and dashboards connect to, and that can be stopped in its tracks. */
public interface Door extends AutoCloseable {

    /** Its port on the loopback address. */
    int port();

    long pid();

    void start();

    void suspend();

    void resume();

    @Override
    void close();
}
