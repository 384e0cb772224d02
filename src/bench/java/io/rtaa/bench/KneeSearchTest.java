package io.rtaa.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class KneeSearchTest {

    private final List<Integer> tried = new ArrayList<>();

    private KneeSearch search(int first, IntPredicate isClean) {
        KneeSearch search = new KneeSearch(first);
        while (!search.isOver()) {
            tried.add(search.next());
            search.tried(isClean.test(search.next()));
        }
        return search;
    }

    @Test
    void goesUpByATenthUntilANumberWasNotCleanTwice() {
        assertThat(search(200, calls -> calls < 260).mostClean()).hasValue(242);
        assertThat(tried).containsExactly(200, 220, 242, 266, 266);
    }

    @Test
    void oneStrayDoesNotEndTheSearch() {
        assertThat(search(200, calls -> tried.size() != 2 && calls < 240).mostClean())
                .hasValue(220);
        assertThat(tried).containsExactly(200, 220, 220, 242, 242);
    }

    @Test
    void findsNoneWhereTheFirstIsTooMuch() {
        assertThat(search(200, calls -> false).mostClean()).isEmpty();
    }

    @Test
    void endsWithTheMostThatIsTried() {
        assertThat(search(1, calls -> true).mostClean().orElseThrow()).isLessThanOrEqualTo(KneeSearch.MOST_CALLS);
    }
}
