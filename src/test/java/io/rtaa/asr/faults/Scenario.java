package io.rtaa.asr.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.rtaa.testsupport.deepgram.DeepgramStandIn;
import io.rtaa.testsupport.deepgram.Fault;
import io.rtaa.testsupport.deepgram.Quirks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Random;
import java.util.function.Function;

/** What goes wrong. */
enum Scenario {
    NOTHING("nothing") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {}

        @Override
        void assertStruck(Stage stage) {
            assertConnections(stage, 1);
        }
    },
    TCP_DROP("TCP drop") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            onEachCall(stage, random, Fault::drop);
        }
    },
    NET_0000("1011 NET-0000") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            onEachCall(stage, random, Fault::net0000);
        }
    },
    NET_0001("1011 NET-0001") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            onEachCall(stage, random, Fault::net0001);
        }
    },
    FREEZE("freeze") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            onEachCall(stage, random, Fault::freeze);
        }
    },
    SLOW_READER("slow reader") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            onEachCall(stage, random, Fault::stopReading);
        }
    },
    REFUSED_429("429 for 20 s") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            refuseForAWhile(stage, 429);
        }
    },
    REFUSED_401("401 for 20 s") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            refuseForAWhile(stage, 401);
        }
    },
    REFUSED_403("403 for 20 s") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            refuseForAWhile(stage, 403);
        }
    },
    REFUSED_503("503 for 20 s") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            refuseForAWhile(stage, 503);
        }
    },
    KEY_ROTATED("key rotated") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            stage.standIn().acceptOnly(OLD_KEY);
            stage.after(Duration.ofSeconds(6), () -> {
                replace(keyFile, NEW_KEY);
                stage.standIn().acceptOnly(NEW_KEY);
                stage.standIn().hitLive(Fault.drop(Duration.ZERO));
            });
        }
    },
    SUSPENDED("suspended for 3 s") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            suspend(stage, Duration.ofSeconds(3));
        }

        @Override
        void assertStruck(Stage stage) {
            assertThat(stage.longestPause()).isGreaterThanOrEqualTo(Duration.ofSeconds(3));
            assertThat(stage.standIn().connections())
                    .as("nobody takes that for the end of a sentence")
                    .allSatisfy(connection -> assertThat(connection.controlMessages())
                            .noneMatch(message -> message.contains("Finalize")));
        }
    },
    SUSPENDED_TOO_LONG("suspended for 12 s") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            suspend(stage, Duration.ofSeconds(12));
        }
    },
    IDLE("idle for 60 s") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            holdEachCall(stage, random);
        }

        @Override
        void assertStruck(Stage stage) {
            assertThat(stage.standIn().connections())
                    .filteredOn(connection ->
                            connection.controlMessages().stream().anyMatch(message -> message.contains("KeepAlive")))
                    .hasSizeGreaterThanOrEqualTo(stage.calls().size());
        }
    },
    IDLE_AND_DROPPED("dropped while idle") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            holdEachCall(stage, random);
            stage.after(Duration.ofSeconds(40), () -> stage.standIn().hitLive(Fault.drop(Duration.ZERO)));
        }
    },
    DROPS_IN_A_ROW("five drops in a row") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            for (int i = 0; i < drops(stage); i++) {
                int afterMillis = 300 + random.nextInt(2700);
                stage.standIn().nextConnections(Fault.drop(Duration.ofMillis(afterMillis)));
            }
        }

        /** Of hundreds in a row a breaker would make an outage, in which the audio before the last minute is given up. */
        private int drops(Stage stage) {
            return 5 * Math.min(4, stage.calls().size());
        }

        @Override
        void assertStruck(Stage stage) {
            assertThat(stage.standIn().connections())
                    .hasSizeGreaterThanOrEqualTo(stage.calls().size() + drops(stage));
        }
    },
    DROP_WHILE_REPLAYING("drop while replaying") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            onEachCall(stage, random, 3000, 9000, Fault::freeze);
            onEachCall(stage, random, 1000, 7000, Fault::drop);
        }

        @Override
        void assertStruck(Stage stage) {
            assertConnections(stage, 3);
        }
    },
    DROP_WHILE_DRAINING("drop while draining") {
        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            for (Call call : stage.calls()) {
                stage.standIn()
                        .nextConnections(
                                Fault.drop(Duration.ofMillis(call.audio().millis())));
            }
        }
    },
    ODD_MESSAGES("odd messages") {
        @Override
        Quirks quirks() {
            return new Quirks(0.5, 0.5, 1, 0.5, 80, 700, 3500);
        }

        @Override
        void prepare(Stage stage, Path keyFile, Random random) {
            onEachCall(stage, random, Fault::drop);
        }
    };

    static final String OLD_KEY = "key-of-yesterday";
    static final String NEW_KEY = "key-of-today";

    private static final int EARLIEST_MILLIS = 500;
    private static final int LATEST_MILLIS = 14_000;

    private final String label;

    Scenario(String label) {
        this.label = label;
    }

    /** What the stand-in does now and then besides. */
    Quirks quirks() {
        return Quirks.SOME;
    }

    /**
     * Arranges the faults of calls that are about to begin, within a second, and last alike.
     *
     * @param keyFile holds {@link #OLD_KEY} at first
     */
    abstract void prepare(Stage stage, Path keyFile, Random random);

    /** Tells, when all is over, that the faults did strike: unless it says otherwise, each call needed a second connection. */
    void assertStruck(Stage stage) {
        assertConnections(stage, 2);
    }

    @Override
    public String toString() {
        return label;
    }

    private static void onEachCall(Stage stage, Random random, Function<Duration, Fault> fault) {
        onEachCall(stage, random, EARLIEST_MILLIS, LATEST_MILLIS, fault);
    }

    private static void onEachCall(
            Stage stage, Random random, int earliestMillis, int latestMillis, Function<Duration, Fault> fault) {
        for (int i = 0; i < stage.calls().size(); i++) {
            int afterMillis = earliestMillis + random.nextInt(latestMillis - earliestMillis);
            stage.standIn().nextConnections(fault.apply(Duration.ofMillis(afterMillis)));
        }
    }

    private static void assertConnections(Stage stage, int leastOfEachCall) {
        assertThat(stage.standIn().connections())
                .hasSizeGreaterThanOrEqualTo(leastOfEachCall * stage.calls().size());
    }

    private static void suspend(Stage stage, Duration length) {
        stage.after(Duration.ofSeconds(6), () -> stage.suspend(length));
    }

    private static void holdEachCall(Stage stage, Random random) {
        for (Call call : stage.calls()) {
            call.hold(random.nextInt(), Duration.ofSeconds(60));
        }
    }

    private static void refuseForAWhile(Stage stage, int status) {
        stage.after(Duration.ofSeconds(5), () -> {
            DeepgramStandIn.Ongoing refusing = stage.standIn().during(Fault.refuse(status));
            stage.standIn().hitLive(Fault.drop(Duration.ZERO));
            stage.after(Duration.ofSeconds(20), refusing::close);
        });
    }

    private static void replace(Path file, String text) {
        try {
            Path fresh = Files.writeString(file.resolveSibling("fresh"), text);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
