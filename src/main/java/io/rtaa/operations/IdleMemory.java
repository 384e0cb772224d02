package io.rtaa.operations;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives memory back to the machine once a process has nothing to do. What starting, or a busy hour, leaves behind is more than
 * what the service lives on, and a collector that nobody drives keeps it: it only looks when something is allocated.
 *
 * <p>It takes one full collection, 0.06 to 0.3 s, so it is done only where nearly nothing was allocated for {@link #LOOK}, and again only
 * after the collector has had something to do in between.
 *
 * <p>Thread-safety: one look at a time.
 */
public final class IdleMemory {

    /** How often to look; a process counts as idle after one whole interval of quiet. */
    public static final Duration LOOK = Duration.ofSeconds(5);

    /** What may be allocated in an interval of quiet: more than timers and scrapes take, and as much as seven calls do. */
    static final long IDLE_BYTES = 8L * 1024 * 1024;

    /** Collections after which there may be something to give back again. */
    static final long WORTH_COLLECTIONS = 20;

    /** What a process holds, and how it lets go of what it can do without. */
    interface Memory {
        /** Heap in use, garbage included, bytes. */
        long usedBytes();

        /** Collections since the start. */
        long collections();

        void giveBack();
    }

    private final Memory memory;
    private long usedBytes = -1;
    private long collections = -1;
    /** Below nothing, so that the first time needs no collections. */
    private long doneAtCollections = -WORTH_COLLECTIONS;

    /** Of this process. */
    public IdleMemory() {
        this(new ThisJvm());
    }

    IdleMemory(Memory memory) {
        this.memory = memory;
    }

    /** To be called every {@link #LOOK}, on a thread that may block for a moment. */
    public synchronized void look() {
        long usedNow = memory.usedBytes();
        long collectionsNow = memory.collections();
        boolean idle = collectionsNow == collections && usedNow - usedBytes <= IDLE_BYTES;
        usedBytes = usedNow;
        collections = collectionsNow;
        if (idle && collectionsNow - doneAtCollections >= WORTH_COLLECTIONS) {
            // Before, too: what fails is not tried again at once.
            doneAtCollections = collectionsNow;
            memory.giveBack();
            doneAtCollections = memory.collections();
        }
    }

    /** HotSpot, where a full collection sizes the heap by the free part that it may keep. */
    static final class ThisJvm implements Memory {

        private static final Logger LOG = LoggerFactory.getLogger(IdleMemory.class);
        private static final String MIN_FREE = "MinHeapFreeRatio";
        private static final String MAX_FREE = "MaxHeapFreeRatio";
        private static final int MIN_FREE_WHEN_IDLE = 10;
        private static final int MAX_FREE_WHEN_IDLE = 40;

        @Override
        public long usedBytes() {
            return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        }

        @Override
        public long collections() {
            return ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                    .sum();
        }

        @Override
        public void giveBack() {
            HotSpotDiagnosticMXBean options = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            String min = options.getVMOption(MIN_FREE).getValue();
            String max = options.getVMOption(MAX_FREE).getValue();
            try {
                // In this order, as the least may never be above the most.
                options.setVMOption(MIN_FREE, atMost(MIN_FREE_WHEN_IDLE, min));
                options.setVMOption(MAX_FREE, atMost(MAX_FREE_WHEN_IDLE, max));
                System.gc();
            } finally {
                options.setVMOption(MAX_FREE, max);
                options.setVMOption(MIN_FREE, min);
            }
            trimNativeHeap();
        }

        /** Whoever runs the service with a lower value keeps it. */
        private static String atMost(int percent, String set) {
            return Integer.toString(Math.min(percent, Integer.parseInt(set)));
        }

        /** What compilers took from the C library and gave back to it goes back to the machine; Linux, JDK 17.0.9 and later. */
        private static void trimNativeHeap() {
            try {
                MBeanServer server = ManagementFactory.getPlatformMBeanServer();
                ObjectName commands = new ObjectName("com.sun.management:type=DiagnosticCommand");
                server.invoke(commands, "systemTrimNativeHeap", null, null);
            } catch (JMException e) {
                LOG.debug("This JVM cannot trim its native heap", e);
            }
        }
    }
}
