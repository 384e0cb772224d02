package io.rtaa.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShorteningTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** One group of rules, each of which is an expression and, where it is not empty, a wait. */
    private static JsonNode rules(String... expressionsAndWaits) {
        ObjectNode all = JSON.createObjectNode();
        var rules = all.putArray("groups").addObject().putArray("rules");
        for (int i = 0; i < expressionsAndWaits.length; i += 2) {
            ObjectNode rule = rules.addObject().put("expr", expressionsAndWaits[i]);
            if (!expressionsAndWaits[i + 1].isEmpty()) {
                rule.put("for", expressionsAndWaits[i + 1]);
            }
        }
        return all;
    }

    private static JsonNode shortenedRule(int number, JsonNode deployed) {
        return new Shortening(10).shortened(deployed).at("/groups/0/rules/" + number);
    }

    @Test
    void dividesWaitsRangesAndThresholdsOfHours() {
        JsonNode deployed = rules(
                "rate(a_total[5m]) > 0 unless rate(b_total[90s]) > 0", "1m",
                "max(age_seconds) > 3600", "15s",
                "min(expires_seconds) - time() < 14 * 86400", "");

        assertThat(shortenedRule(0, deployed).path("expr").asText())
                .isEqualTo("rate(a_total[30000ms]) > 0 unless rate(b_total[9000ms]) > 0");
        assertThat(shortenedRule(0, deployed).path("for").asText()).isEqualTo("6000ms");
        assertThat(shortenedRule(1, deployed).path("expr").asText()).isEqualTo("max(age_seconds) > 3600 / 10");
        assertThat(shortenedRule(1, deployed).path("for").asText()).isEqualTo("1500ms");
        assertThat(shortenedRule(2, deployed).path("expr").asText())
                .isEqualTo("min(expires_seconds) - time() < 14 * 86400 / 10");
        assertThat(shortenedRule(2, deployed).has("for")).isFalse();
    }

    @Test
    void leavesTimesOfCallsAndWhatIsNoTime() {
        JsonNode deployed = rules(
                "max(lag_seconds) > 30", "1m", "held_bytes > 1000000", "1m", "age_seconds > 3600", "1m", "x[1m]", "");

        assertThat(shortenedRule(0, deployed).path("expr").asText()).isEqualTo("max(lag_seconds) > 30");
        assertThat(shortenedRule(1, deployed).path("expr").asText()).isEqualTo("held_bytes > 1000000");
    }

    @Test
    void doesNotTakeRulesOfWhichItKnowsNothing() {
        for (JsonNode deployed : List.of(
                rules("up == 0", "30s"),
                rules("rate(a[5m]) > 0", ""),
                rules("rate(a[1h30m]) > 0", "1m"),
                rules("a > 0", "1h30m"))) {
            assertThatThrownBy(() -> new Shortening(10).shortened(deployed)).isInstanceOf(IllegalStateException.class);
        }
    }
}
