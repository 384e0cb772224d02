package io.rtaa.steps;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckDigitsTest {

    /** Test numbers that the networks publish: Visa, Mastercard, American Express, Diners, Discover. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "4111111111111111",
                "5555555555554444",
                "2223003122003222",
                "378282246310005",
                "30569309025904",
                "6011111111111117"
            })
    void numbersOfCardsAddUp(String number) {
        assertThat(CheckDigits.luhn(number)).isTrue();
        assertThat(CheckDigits.holdsNumber(number)).isTrue();
        assertThat(CheckDigits.holdsNumber("1" + number)).isTrue();
        assertThat(CheckDigits.holdsNumber(number + "1226123")).isTrue();
    }

    /** The example of Verhoeff's algorithm, and a test number of UIDAI. */
    @ParameterizedTest
    @ValueSource(strings = {"2363", "999941057058"})
    void numbersWithVerhoeffsCheckDigitAddUp(String number) {
        assertThat(CheckDigits.verhoeff(number)).isTrue();
    }

    @Property
    void oneWrongDigitIsFound(@ForAll long seed, @ForAll @IntRange(min = 2, max = 19) int length) {
        Random random = new Random(seed);
        String number = digits(random, length);
        int place = random.nextInt(length);
        int other = (number.charAt(place) - '0' + 1 + random.nextInt(9)) % 10;
        String wrong = number.substring(0, place) + other + number.substring(place + 1);

        assertThat(CheckDigits.luhn(number) && CheckDigits.luhn(wrong)).isFalse();
        assertThat(CheckDigits.verhoeff(number) && CheckDigits.verhoeff(wrong)).isFalse();
    }

    @Property
    void twoNeighboursThatChangePlacesAreFound(@ForAll long seed) {
        Random random = new Random(seed);
        String number = digits(random, 12);
        int place = random.nextInt(11);
        String swapped = number.substring(0, place)
                + number.charAt(place + 1)
                + number.charAt(place)
                + number.substring(place + 2);

        assertThat(CheckDigits.verhoeff(number) && CheckDigits.verhoeff(swapped))
                .isEqualTo(number.equals(swapped) && CheckDigits.verhoeff(number));
    }

    @Property
    void justOneLastDigitAddsUp(@ForAll long seed, @ForAll @IntRange(min = 1, max = 18) int length) {
        String beginning = digits(new Random(seed), length);

        assertThat(withCheckDigits(beginning).filter(CheckDigits::luhn)).hasSize(1);
        assertThat(withCheckDigits(beginning).filter(CheckDigits::verhoeff)).hasSize(1);
    }

    private static Stream<String> withCheckDigits(String beginning) {
        return IntStream.range(0, 10).mapToObj(digit -> beginning + digit);
    }

    private static String digits(Random random, int length) {
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < length; i++) {
            digits.append(random.nextInt(10));
        }
        return digits.toString();
    }
}
