package io.rtaa.testsupport;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.Word;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.rtaa.testsupport.deepgram.SpokenAudio.Spoken;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;

/**
 * What a call's transcript made of what was said.
 *
 * @param words how many were said
 * @param missing words said that no final has
 * @param doubled words that finals have more often than they were said, once for each time
 * @param outOfOrder how often a word comes right after one that was said later
 * @param gaps the audio that was told to be lost, and why
 * @param worstErrorMillis how far the start or end of a word is from the truth at most
 * @param faults what else is wrong, in words; empty where all is well
 */
public record Verdict(
        int words,
        List<Spoken> missing,
        List<String> doubled,
        int outOfOrder,
        List<String> gaps,
        long worstErrorMillis,
        List<String> faults) {

    /** What the stand-in shifts words by, and 2 ms: a cell of the audio's pattern, and rounding. */
    public static final long MAX_ERROR_MILLIS = 80 + 2;

    /** @throws AssertionError unless every word is there once, in order and in its place, and nothing else is wrong */
    public void assertAllIsThere() {
        SoftAssertions softly = new SoftAssertions();
        softly.assertThat(missing).as("missing").isEmpty();
        softly.assertThat(gaps).as("gaps").isEmpty();
        assertWhatIsThereIsRight(softly, "the call", MAX_ERROR_MILLIS);
        softly.assertAll();
    }

    /**
     * Notes as failures what is there and wrong; words may be missing.
     *
     * @param maxErrorMillis how far the start or end of a word may be from the truth
     */
    public void assertWhatIsThereIsRight(SoftAssertions softly, String call, long maxErrorMillis) {
        softly.assertThat(doubled).as("%s: doubled", call).isEmpty();
        softly.assertThat(outOfOrder).as("%s: out of order", call).isZero();
        softly.assertThat(faults).as("%s: faults", call).isEmpty();
        softly.assertThat(worstErrorMillis).as("%s: worst time error", call).isLessThanOrEqualTo(maxErrorMillis);
    }

    /** Of what was said in a call, and all events of it. */
    public static Verdict of(SpokenAudio audio, List<TranscriptEvent> events) {
        List<Word> heard = new ArrayList<>();
        List<String> gaps = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        readEvents(events, heard, gaps, faults);

        Map<String, Spoken> missing = new LinkedHashMap<>();
        audio.words().forEach(word -> missing.put(word.text(), word));
        List<String> doubled = new ArrayList<>();
        int outOfOrder = 0;
        int last = 0;
        long worst = 0;
        for (Word word : heard) {
            Spoken spoken = missing.remove(word.word());
            if (spoken == null) {
                doubled.add(word.word());
            } else {
                outOfOrder += spoken.index() < last ? 1 : 0;
                last = spoken.index();
                worst = Math.max(worst, Math.abs(word.startMillis() - spoken.startMillis()));
                worst = Math.max(worst, Math.abs(word.endMillis() - spoken.endMillis()));
            }
        }
        return new Verdict(
                audio.words().size(), List.copyOf(missing.values()), doubled, outOfOrder, gaps, worst, faults);
    }

    private static void readEvents(
            List<TranscriptEvent> events, List<Word> heard, List<String> gaps, List<String> faults) {
        long seq = 0;
        long endMillis = 0;
        boolean over = false;
        for (TranscriptEvent event : events) {
            if (event.seq() <= seq) {
                faults.add("seq " + event.seq() + " after " + seq);
            }
            seq = event.seq();
            if (over) {
                faults.add(event.type() + " after the end of the call");
            }
            over |= event instanceof CallEnded;
            if (event instanceof Gap gap) {
                gaps.add(gap.startMillis() + ".." + gap.endMillis() + " ms: " + gap.reason());
            } else if (event instanceof Final said) {
                if (said.startMillis() < endMillis) {
                    faults.add("a final from " + said.startMillis() + " after one to " + endMillis);
                }
                if (!said.text().equals(said.words().stream().map(Word::text).collect(Collectors.joining(" ")))) {
                    faults.add("a final's text is not that of its words");
                }
                for (Word word : said.words()) {
                    if (word.startMillis() < endMillis) {
                        faults.add("word " + word.word() + " from " + word.startMillis() + " after " + endMillis);
                    }
                    endMillis = word.endMillis();
                }
                if (said.endMillis() < endMillis) {
                    faults.add("a final to " + said.endMillis() + " has a word to " + endMillis);
                }
                endMillis = said.endMillis();
                heard.addAll(said.words());
            }
        }
        if (!over) {
            faults.add("the call has not ended");
        }
    }
}
