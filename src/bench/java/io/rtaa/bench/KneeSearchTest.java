package io.rtaa.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class KneeSearchTest {

    private final List<Integer> tried = new ArrayList<>();

    @Test
    void goesUpUntilANumberWasNotCleanTwice() {
        assertThat(KneeSearch.mostClean(200, 100, 1000, calls -> {
                    tried.add(calls);
                    return calls < 500;
                }))
                .hasValue(400);
        assertThat(tried).containsExactly(200, 300, 400, 500, 500);
    }

    @Test
    void oneStrayDoesNotEndTheSearch() {
        assertThat(KneeSearch.mostClean(200, 100, 400, calls -> {
                    tried.add(calls);
                    return tried.size() != 2;
                }))
                .hasValue(400);
        assertThat(tried).containsExactly(200, 300, 300, 400);
    }

    @Test
    void findsNoneWhereTheFirstIsTooMuch() {
        assertThat(KneeSearch.mostClean(200, 100, 1000, calls -> false)).isEmpty();
    }
}
