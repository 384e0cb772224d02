package io.rtaa.alerts;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class NotificationsTest {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    /** @param alerts each a name, a fingerprint and a status */
    private static void post(Notifications to, String... alerts) throws Exception {
        StringBuilder posted = new StringBuilder();
        for (int i = 0; i < alerts.length; i += 3) {
            posted.append(i == 0 ? "" : ",")
                    .append("{\"labels\":{\"alertname\":\"" + alerts[i] + "\"},\"fingerprint\":\"" + alerts[i + 1]
                            + "\",\"status\":\"" + alerts[i + 2] + "\"}");
        }
        HttpRequest request = HttpRequest.newBuilder(to.address())
                .POST(HttpRequest.BodyPublishers.ofString("{\"version\":\"4\",\"alerts\":[" + posted + "]}"))
                .build();
        assertThat(HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void anAlertFiresUntilEachOfItsSeriesIsResolved() throws Exception {
        try (Notifications notifications = new Notifications()) {
            assertThat(notifications.isFiring("BusAway")).isFalse();

            post(notifications, "BusAway", "1", "firing", "BusAway", "2", "firing");
            assertThat(notifications.isFiring("BusAway")).isTrue();
            assertThat(notifications.isFiring("BusLags")).isFalse();

            post(notifications, "BusAway", "1", "resolved", "BusAway", "2", "firing");
            assertThat(notifications.isFiring("BusAway")).isTrue();

            post(notifications, "BusAway", "2", "resolved");
            assertThat(notifications.isFiring("BusAway")).isFalse();
            assertThat(notifications.endedNanos("BusAway")).isGreaterThan(notifications.beganNanos("BusAway"));
            assertThat(notifications.fired()).containsExactly("BusAway");
        }
    }
}
