package io.rtaa.bus;

import org.apache.camel.CamelContext;

/** The bus inside one process, as bus/memory.yaml sets it, but with little room. */
class MemoryBusTest extends BusTest {

    @Override
    protected String audio() {
        return "direct:audio?block=false";
    }

    @Override
    protected String transcripts() {
        return "memory-bus:transcripts?size=64";
    }

    @Override
    protected void setUp(CamelContext context) {
        // Both addresses work as they are.
    }
}
