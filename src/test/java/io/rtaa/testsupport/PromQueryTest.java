package io.rtaa.testsupport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import org.junit.jupiter.api.Test;

class PromQueryTest {

    private static List<String> metrics(String query) {
        return PromQuery.read(query).selectors().stream()
                .map(PromQuery.Selector::metric)
                .toList();
    }

    @Test
    void namesEachMetricAndNoFunctionOperatorOrLabel() {
        assertThat(metrics("histogram_quantile(0.99, sum by (le, bus) (rate(a_seconds_bucket[1m])))"))
                .containsExactly("a_seconds_bucket");
        assertThat(metrics(
                        "max by (bus) (a{topic=\"audio\"}) > 0 or sum(rate(b[5m])) unless on (bus) (c > 0) - time()"))
                .containsExactly("a", "b", "c");
        assertThat(metrics("min by (instance) (d) - time() < 14 * 86400")).containsExactly("d");
    }

    @Test
    void saysWhatLabelsHaveToBeAndWhichOnesItGroupsBy() {
        PromQuery query =
                PromQuery.read("sum by (instance, status) (rate(a{endpoint!=\"dashboard\",status=~\"429|503\"}[5m]))");

        assertThat(query.grouping()).containsExactly("instance", "status");
        assertThat(query.selectors().get(0).labels())
                .extracting(PromQuery.LabelMatch::label, PromQuery.LabelMatch::isNegative)
                .containsExactly(tuple("endpoint", true), tuple("status", false));
        assertThat("503").matches(query.selectors().get(0).labels().get(1).value());
    }

    @Test
    void aSampleHasToHaveTheValuesThatASelectorAsksFor() {
        String scrape = "up_total{route=\"in\"} 1.0\nother{route=\"out\"} 1.0\n";

        assertThat(MetricsTables.hasSampleFor(scrape, only("up_total{route=\"in\"}")))
                .isTrue();
        assertThat(MetricsTables.hasSampleFor(scrape, only("up_total{route=~\"out|o.*\"}")))
                .isFalse();
        assertThat(MetricsTables.labelsByName(scrape)).containsKeys("up_total", "other");
        assertThat(MetricsTables.labelsByName(scrape).get("other")).containsExactly("route");
    }

    private static PromQuery.Selector only(String query) {
        return PromQuery.read(query).selectors().get(0);
    }
}
