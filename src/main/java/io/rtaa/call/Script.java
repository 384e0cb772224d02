package io.rtaa.call;

import java.util.Set;

/** What the signs of a script are like, as far as texts are cut and put together by it. */
public final class Script {

    /** Blocks of signs that fill a square and belong to no script. */
    private static final Set<Character.UnicodeBlock> SQUARE_BLOCKS = Set.of(
            Character.UnicodeBlock.CJK_SYMBOLS_AND_PUNCTUATION, Character.UnicodeBlock.HALFWIDTH_AND_FULLWIDTH_FORMS);

    private Script() {}

    /** Whether a sign fills a square, and so is twice as wide as a letter. */
    public static boolean isSquare(int sign) {
        return switch (Character.UnicodeScript.of(sign)) {
            case HAN, HIRAGANA, KATAKANA, HANGUL, BOPOMOFO -> true;
            default -> {
                Character.UnicodeBlock block = Character.UnicodeBlock.of(sign);
                yield block != null && SQUARE_BLOCKS.contains(block);
            }
        };
    }

    /** Whether a sign is of a script that puts no spaces between words. */
    public static boolean isWithoutSpaces(int sign) {
        return switch (Character.UnicodeScript.of(sign)) {
            case HAN, HIRAGANA, KATAKANA, BOPOMOFO, THAI, LAO, KHMER, MYANMAR -> true;
            default -> false;
        };
    }

    /** What stands between two texts that follow each other: a space, unless their script has none. */
    public static String joint(String before, String after) {
        boolean none = before.isEmpty()
                || after.isEmpty()
                || (isJoined(before.codePointBefore(before.length())) && isJoined(after.codePointAt(0)));
        return none ? "" : " ";
    }

    private static boolean isJoined(int sign) {
        return isWithoutSpaces(sign)
                || (isSquare(sign) && Character.UnicodeScript.of(sign) != Character.UnicodeScript.HANGUL);
    }
}
