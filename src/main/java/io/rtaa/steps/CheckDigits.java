package io.rtaa.steps;

import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/** Whether the digits of a number add up, as those of a card or of Aadhaar do. */
final class CheckDigits {

    private static final int AADHAAR = 12;

    /** How long the numbers of cards are, by their first digit: 2 and 5 Mastercard, 3 American Express, Diners and JCB,
     * 4 Visa, 6 and 8 RuPay, Discover and UnionPay. */
    private static final Map<Character, Set<Integer>> CARDS = Map.of(
            '2', Set.of(16),
            '3', Set.of(14, 15, 16),
            '4', Set.of(13, 16, 19),
            '5', Set.of(16),
            '6', Set.of(16, 17, 18, 19),
            '8', Set.of(16));

    /** The multiplication table of the dihedral group D5. */
    private static final int[][] PRODUCT = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
        {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
        {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
        {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
        {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
        {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
        {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
        {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
        {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
        {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}
    };

    /** What a digit becomes by its place, counted from the last. */
    private static final int[][] PERMUTED = {
        {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
        {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
        {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
        {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
        {9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
        {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
        {2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
        {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}
    };

    private CheckDigits() {}

    /**
     * Whether digits, all of them from 0 to 9, are a card's or an Aadhaar number, or begin or end with one: people go on
     * with the month of expiry.
     */
    static boolean holdsNumber(String digits) {
        return IntStream.rangeClosed(AADHAAR, digits.length())
                .anyMatch(length ->
                        isNumber(digits.substring(0, length)) || isNumber(digits.substring(digits.length() - length)));
    }

    private static boolean isNumber(String digits) {
        char first = digits.charAt(0);
        // No Aadhaar number begins with 0 or 1.
        return digits.length() == AADHAAR
                ? first > '1' && verhoeff(digits)
                : CARDS.getOrDefault(first, Set.of()).contains(digits.length()) && luhn(digits);
    }

    /** The check of ISO/IEC 7812-1, Annex B. */
    static boolean luhn(String digits) {
        int sum = 0;
        for (int place = 0; place < digits.length(); place++) {
            int digit = digits.charAt(digits.length() - 1 - place) - '0';
            int doubled = place % 2 == 0 ? digit : 2 * digit;
            sum += doubled > 9 ? doubled - 9 : doubled;
        }
        return sum % 10 == 0;
    }

    /** The check of J. Verhoeff, <i>Error Detecting Decimal Codes</i>, 1969. */
    static boolean verhoeff(String digits) {
        int check = 0;
        for (int place = 0; place < digits.length(); place++) {
            int digit = digits.charAt(digits.length() - 1 - place) - '0';
            check = PRODUCT[check][PERMUTED[place % PERMUTED.length][digit]];
        }
        return check == 0;
    }
}
