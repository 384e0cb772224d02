package io.rtaa.asr.sphinx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import edu.cmu.sphinx.util.props.ConfigurationManager;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class LibraryLogTest {

    /** As it happens where the heap is small: between the configuration and the first component it makes. */
    @Test
    void aCollectionOfGarbageLetsNothingThroughThatIsNoError() {
        try (LibraryRecords records = new LibraryRecords()) {
            ConfigurationManager components =
                    LibraryLog.read(Objects.requireNonNull(UtteranceDecoder.class.getResource("recogniser.xml")));
            WeakReference<Object> garbage = new WeakReference<>(new Object());
            await().until(() -> {
                System.gc();
                return garbage.get() == null;
            });

            Logger dictionary = components.getPropertySheet("dictionary").getLogger();
            dictionary.info("a word has no transcription");
            dictionary.warning("a word has no transcription");
            dictionary.severe("the dictionary cannot be read");

            assertThat(dictionary.getName()).startsWith("recogniser.");
            assertThat(records.lines()).containsExactly("SEVERE the dictionary cannot be read");
        }
    }
}
