package io.rtaa.steps;

import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** The e-mail addresses in a row of words, whether the recogniser wrote them with their signs or as they are spelt. */
final class SpokenAddresses {

    /** What people say between the parts of an address. */
    private static final Set<String> JOINTS =
            Set.of("dot", "point", "period", "डॉट", "underscore", "dash", "hyphen", "minus", "plus");

    /** Joints that are hardly said anywhere else. */
    private static final Set<String> OPEN_JOINTS = Set.of("dot", "डॉट", "underscore");

    /** Behind one of these no "dot com" need follow. */
    private static final Set<String> PROVIDERS =
            Set.of("gmail", "yahoo", "hotmail", "outlook", "rediffmail", "icloud", "protonmail");

    /** Words that are no part of the name before the "at". */
    private static final Set<String> BEFORE_NAME = Set.of(
            "is", "it's", "its", "that's", "was", "be", "the", "a", "an", "my", "your", "his", "her", "our", "their",
            "me", "us", "him", "them", "you", "i", "we", "email", "e-mail", "mail", "emails", "id", "address", "to",
            "on", "from", "for", "of", "in", "and", "or", "so", "as", "use", "write", "send", "sent", "okay", "ok",
            "yes", "please", "at");

    /** Names are spoken in two words, such as "jane doe"; so many words before the last one are taken for part of it. */
    private static final int MORE_NAMES = 2;

    private static final Pattern DOMAIN = Pattern.compile("[\\p{L}\\p{N}-]+(\\.[\\p{L}\\p{N}-]+)+");

    private final List<String> words;
    private final List<String> bare;
    private final BitSet found = new BitSet();

    private SpokenAddresses(List<String> words) {
        this.words = words;
        this.bare = words.stream().map(SpokenNumbers::bare).toList();
        for (int i = 0; i < words.size(); i++) {
            if (words.get(i).contains("@")) {
                written(i);
            } else if (bare.get(i).equals("at")) {
                spoken(i);
            }
        }
        beginning(words.size() - 1);
    }

    /** The places of the words that are part of an address. */
    static BitSet in(List<String> words) {
        return new SpokenAddresses(words).found;
    }

    /** The sign may stand in a word of its own, or at an end of one. */
    private void written(int place) {
        String word = words.get(place);
        int at = word.indexOf('@');
        found.set(place);
        boolean hasName = !SpokenNumbers.bare(word.substring(0, at)).isEmpty();
        boolean hasDomain = !SpokenNumbers.bare(word.substring(at + 1)).isEmpty();
        if (!hasName && place > 0) {
            name(place - 1);
        }
        if (!hasDomain && place + 1 < words.size()) {
            found.set(place + 1, domainEnd(place + 1));
        }
    }

    private void spoken(int at) {
        // "At the rate" is the usual name of the sign in India.
        boolean isRate = at + 2 < words.size()
                && bare.get(at + 1).equals("the")
                && bare.get(at + 2).equals("rate");
        int domain = isRate ? at + (isWord(at + 3, "of") ? 4 : 3) : at + 1;
        int end = domainEnd(domain);
        boolean hasDomain = end > domain + 1
                || (end == domain + 1
                        && (DOMAIN.matcher(bare.get(domain)).matches() || PROVIDERS.contains(bare.get(domain))));
        // What is not over yet may become one.
        boolean mayHaveDomain = end == words.size() && at > 1 && JOINTS.contains(bare.get(at - 2));
        if (isRate || hasDomain || mayHaveDomain) {
            found.set(at, Math.max(domain, end));
            if (at > 0) {
                name(at - 1);
            }
        }
    }

    /** A name that is joined at the very end may be the beginning of an address. */
    private void beginning(int last) {
        boolean endsWithJoint = last > 0 && OPEN_JOINTS.contains(bare.get(last));
        boolean endsBehindJoint = last > 1 && OPEN_JOINTS.contains(bare.get(last - 1));
        int name = endsWithJoint ? last - 1 : last;
        if ((endsWithJoint || endsBehindJoint) && !isNumber(endsWithJoint ? last - 1 : last - 2)) {
            found.set(name, last + 1);
            name(name);
        }
    }

    private boolean isNumber(int place) {
        return !SpokenNumbers.in(List.of(bare.get(place)), true).runs().isEmpty();
    }

    private boolean isWord(int place, String word) {
        return place < words.size() && bare.get(place).equals(word);
    }

    /** The place behind a domain such as "gmail dot com" or "gmail.com"; that of its first word where there is none. */
    private int domainEnd(int from) {
        if (from >= words.size() || bare.get(from).isEmpty()) {
            return from;
        }
        int end = from + 1;
        while (end < words.size() && JOINTS.contains(bare.get(end)) && !endsSentence(end - 1)) {
            end += 2;
        }
        return Math.min(end, words.size());
    }

    /** Marks the name that ends with a word: spelt, joined by a "dot", and up to two words more. */
    private void name(int last) {
        int place = last;
        found.set(place);
        while (place > 0) {
            if (place > 1 && JOINTS.contains(bare.get(place - 1))) {
                place -= 2;
                found.set(place, place + 3);
            } else if (isSpelt(place) && isSpelt(place - 1)) {
                place--;
                found.set(place);
            } else {
                break;
            }
        }
        for (int more = 0; more < MORE_NAMES && place > 0 && isName(place - 1); more++) {
            place--;
            found.set(place);
        }
    }

    private boolean isSpelt(int place) {
        String word = bare.get(place);
        return word.codePointCount(0, word.length()) == 1 || isNumber(place);
    }

    private boolean isName(int place) {
        return !endsSentence(place) && !bare.get(place).isEmpty() && !BEFORE_NAME.contains(bare.get(place));
    }

    private boolean endsSentence(int place) {
        String word = words.get(place);
        return word.endsWith(".") || word.endsWith(",") || word.endsWith("?") || word.endsWith("!");
    }
}
