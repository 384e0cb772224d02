package io.rtaa.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One target fed by Jazzer, which looks for inputs that reach new code: {@code mvn -Pfuzz test -Dtest=JazzerFuzzTest
 * -Dfuzz.target=EXOTEL} with {@code JAZZER_FUZZ=1} in the environment. What it finds becomes a test of the parser.
 */
@EnabledIfSystemProperty(named = "fuzz.target", matches = "[A-Z_]+")
class JazzerFuzzTest {

    private static FuzzTarget target() {
        return FuzzTarget.valueOf(System.getProperty("fuzz.target"));
    }

    static List<byte[]> seeds() {
        return target().seeds();
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void aParserGivesAValueOrTheDocumentedRefusal(byte[] input) throws IOException {
        target().read(input);
    }
}
