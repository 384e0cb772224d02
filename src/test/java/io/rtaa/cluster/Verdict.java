package io.rtaa.cluster;

import io.rtaa.call.TranscriptEvent.Gap;
import io.rtaa.testsupport.deepgram.SpokenAudio.Spoken;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the dashboard's events made of what was said in a call.
 *
 * @param words how many words were said
 * @param missing words that were said and are in no final
 * @param doubled words that are in finals more often than they were said, once for each time
 * @param outOfOrder how often a word comes before one that was said later
 * @param gaps the gaps told, in words
 * @param faults what is wrong with the events, in words
 */
record Verdict(
        int words, List<Spoken> missing, List<String> doubled, int outOfOrder, List<String> gaps, List<String> faults) {

    static Verdict of(SpokenCall call, Transcript transcript) {
        Map<String, Spoken> unheard = new HashMap<>();
        call.audio().words().forEach(word -> unheard.put(word.text(), word));
        List<String> doubled = new ArrayList<>();
        int outOfOrder = 0;
        int last = -1;
        for (String word : transcript.words()) {
            Spoken said = unheard.remove(word);
            if (said == null) {
                doubled.add(word);
            } else {
                outOfOrder += said.index() < last ? 1 : 0;
                last = said.index();
            }
        }
        return new Verdict(
                call.audio().words().size(),
                call.audio().words().stream().filter(unheard::containsValue).toList(),
                doubled,
                outOfOrder,
                transcript.all(Gap.class).stream()
                        .map(gap -> gap.startMillis() + ".." + gap.endMillis() + " ms: " + gap.reason())
                        .toList(),
                transcript.faults());
    }
}
