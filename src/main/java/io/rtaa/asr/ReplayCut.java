package io.rtaa.asr;

import io.rtaa.call.Word;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells new words from words that were published before, when a connection hears some audio for the second time.
 *
 * <p>A replay starts a little before the last published word, so that no word is heard by half. What comes back is
 * aligned with what was published: two hearings of one word differ in time by some jitter and now and then in spelling,
 * but the order of words is the same. The alignment that explains most (a local alignment as used for sequences, with
 * the difference in time as the cost of a match) says where the published words end; everything after is new. Times
 * alone could not say that, for short words move by more than their length.
 *
 * <p>Thread-safety: none; a session uses it from one task at a time.
 */
final class ReplayCut {

    /** Two hearings of one word are no further apart than this, milliseconds between their middles. */
    static final long FURTHEST_MILLIS = 300;

    /** What a match is worth before its difference in time is taken off; more than twice the furthest. */
    private static final long MATCH_WORTH = 2 * FURTHEST_MILLIS + 1;

    /** What another spelling takes off: a misheard word explains nothing by itself, but costs less than an unmatched one. */
    private static final long MISHEARD_COST = MATCH_WORTH;

    /** What a word costs that only one hearing has, before or between words that both have. */
    private static final long UNMATCHED_COST = FURTHEST_MILLIS * 2 / 3;

    /** A published word whose middle is no further behind the beginning of the replay lay before it as likely as not. */
    private static final long BEGINNING_MILLIS = 80;

    private final List<Word> published;
    private final long surelyHeardFromMillis;
    private final List<Word> heard = new ArrayList<>();

    /**
     * @param published the last published words, in order; at least those whose audio is heard again
     * @param fromMillis where in the call the audio begins that is heard again
     */
    ReplayCut(List<Word> published, long fromMillis) {
        this.published = List.copyOf(published);
        this.surelyHeardFromMillis = fromMillis + BEGINNING_MILLIS;
    }

    /** The words among the next ones of the connection that were not published before; all count as heard. */
    List<Word> unpublished(List<Word> words) {
        int before = heard.size();
        heard.addAll(words);
        return List.copyOf(heard.subList(Math.max(before, firstFresh()), heard.size()));
    }

    /** As {@link #unpublished}, for words that may still change: they do not count as heard. */
    List<Word> unpublishedSoFar(List<Word> words) {
        int before = heard.size();
        List<Word> fresh = unpublished(words);
        heard.subList(before, heard.size()).clear();
        return fresh;
    }

    /** Whether the connection is so far past the published words that everything from now on is new. */
    boolean isPassed() {
        return published.isEmpty()
                || (!heard.isEmpty()
                        && heard.get(heard.size() - 1).startMillis() > publishedEndMillis() + 2 * FURTHEST_MILLIS);
    }

    private long publishedEndMillis() {
        return published.isEmpty() ? 0 : published.get(published.size() - 1).endMillis();
    }

    /** The index in {@link #heard} from which words are new. */
    private int firstFresh() {
        long[][] worth = new long[heard.size() + 1][published.size() + 1];
        int lastHeard = 0;
        int lastPublished = 0;
        for (int i = 1; i <= heard.size(); i++) {
            // The replay may start anywhere in what was published, but it starts with a published word.
            worth[i][0] = -i * UNMATCHED_COST;
            for (int j = 1; j <= published.size(); j++) {
                long match = worth[i - 1][j - 1] + matchWorth(heard.get(i - 1), published.get(j - 1));
                long unmatched = Math.max(worth[i - 1][j], worth[i][j - 1]) - UNMATCHED_COST;
                worth[i][j] = Math.max(worth[i][0], Math.max(match, unmatched));
                if (worth[i][j] > worth[lastHeard][lastPublished]) {
                    lastHeard = i;
                    lastPublished = j;
                }
            }
        }
        int fresh = lastHeard;
        if (lastPublished < published.size()) {
            // The last published word was not heard again as such: what lies within its time is it, or its remains.
            while (fresh < heard.size() && heard.get(fresh).midpointMillis() < publishedEndMillis()) {
                fresh++;
            }
        }
        return fresh;
    }

    private long matchWorth(Word heard, Word published) {
        long apart = Math.abs(heard.midpointMillis() - published.midpointMillis());
        if (apart > FURTHEST_MILLIS) {
            return -MATCH_WORTH;
        }
        // Where neighbours are alike, a match with one from before the beginning would make one word more of the
        // published.
        long worth = published.midpointMillis() < surelyHeardFromMillis ? UNMATCHED_COST : MATCH_WORTH;
        return worth - apart - (isSame(heard, published) ? 0 : MISHEARD_COST);
    }

    /** A route may have masked what another process published: such a word is known by its place alone. */
    private static boolean isSame(Word heard, Word published) {
        return published.isMasked() || heard.word().equalsIgnoreCase(published.word());
    }
}
