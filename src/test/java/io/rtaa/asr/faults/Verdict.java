package io.rtaa.asr.faults;

import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.Final;
import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.call.Word;
import io.rtaa.testsupport.deepgram.SpokenAudio;
import io.rtaa.testsupport.deepgram.SpokenAudio.Spoken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;

/**
 * What a call's transcript made of what was said.
 *
 * @param words how many were said
 * @param missing words said that no final has
 * @param doubled words that finals have more often than they were said, once for each time
 * @param worstErrorMillis how far the start or end of a word is from the truth at most
 * @param faults what else is wrong, in words; empty where all is well
 */
record Verdict(int words, List<String> missing, List<String> doubled, long worstErrorMillis, List<String> faults) {

    /** What the stand-in shifts words by, and 2 ms: a cell of the audio's pattern, and rounding. */
    private static final long MAX_ERROR_MILLIS = 80 + 2;

    /** @throws AssertionError unless every word is there once, in order and in its place, and nothing else is wrong */
    void assertAllIsThere() {
        SoftAssertions softly = new SoftAssertions();
        softly.assertThat(missing).as("missing").isEmpty();
        softly.assertThat(doubled).as("doubled").isEmpty();
        softly.assertThat(faults).as("faults").isEmpty();
        softly.assertThat(worstErrorMillis).as("worst time error").isLessThanOrEqualTo(MAX_ERROR_MILLIS);
        softly.assertAll();
    }

    static Verdict of(Call call) {
        return of(call.audio(), call.events());
    }

    /** Of what was said in a call, and all events of it. */
    static Verdict of(SpokenAudio audio, List<TranscriptEvent> events) {
        List<Word> heard = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        readEvents(events, heard, faults);

        Map<String, Spoken> truth = new HashMap<>();
        audio.words().forEach(word -> truth.put(word.text(), word));
        Set<String> missing = new HashSet<>(truth.keySet());
        List<String> doubled = new ArrayList<>();
        long worst = 0;
        for (Word word : heard) {
            Spoken spoken = truth.get(word.word());
            if (spoken == null || !missing.remove(word.word())) {
                doubled.add(word.word());
            } else {
                worst = Math.max(worst, Math.abs(word.startMillis() - spoken.startMillis()));
                worst = Math.max(worst, Math.abs(word.endMillis() - spoken.endMillis()));
            }
        }
        List<String> inOrder = audio.words().stream()
                .map(Spoken::text)
                .filter(text -> !missing.contains(text))
                .toList();
        if (doubled.isEmpty() && !heard.stream().map(Word::word).toList().equals(inOrder)) {
            faults.add("words out of order");
        }
        return new Verdict(truth.size(), List.copyOf(missing), doubled, worst, faults);
    }

    private static void readEvents(List<TranscriptEvent> events, List<Word> heard, List<String> faults) {
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
                faults.add("gap " + gap.startMillis() + ".." + gap.endMillis() + ": " + gap.reason());
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
