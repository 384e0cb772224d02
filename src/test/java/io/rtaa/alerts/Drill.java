package io.rtaa.alerts;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Lets incidents happen and measures how long their alerts take to fire and to resolve.
 *
 * <p>Thread-safety: safe; incidents on different threads happen at the same time.
 */
final class Drill {

    /** The longest wait of a rule is that for an old JWK set: seven minutes. A busy machine takes longer. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private static final Duration POLL = Duration.ofMillis(100);

    private static final String ROW = "| %-20s | %-100s | %7s | %8s |%n";

    private final Notifications notifications;
    private final MonitoringServer prometheus;
    private final List<Row> rows = new CopyOnWriteArrayList<>();

    private record Row(String alert, String incident, double firedSeconds, double resolvedSeconds) {}

    Drill(Notifications notifications, MonitoringServer prometheus) {
        this.notifications = notifications;
        this.prometheus = prometheus;
    }

    /** Lets them happen one after the other, each once none of its alerts fires or is about to. */
    void play(List<Incident> incidents) throws Exception {
        for (Incident incident : incidents) {
            play(incident);
        }
    }

    private void play(Incident incident) throws Exception {
        for (String alert : incident.alerts()) {
            await(alert + " is silent before: " + incident.inWords())
                    .atMost(PATIENCE)
                    .until(() -> prometheus.hasNone("ALERTS{alertname=\"" + alert + "\"}"));
        }
        awaitEach(incident, false, "before");
        long causedNanos = System.nanoTime();
        incident.cause().take();
        awaitEach(incident, true, "during");
        List<Long> began =
                incident.alerts().stream().map(notifications::beganNanos).toList();
        long healedNanos = System.nanoTime();
        incident.heal().take();
        awaitEach(incident, false, "after");
        for (int i = 0; i < began.size(); i++) {
            String alert = incident.alerts().get(i);
            rows.add(new Row(
                    alert,
                    incident.inWords(),
                    seconds(began.get(i) - causedNanos),
                    seconds(notifications.endedNanos(alert) - healedNanos)));
        }
        System.out.println("done: " + incident.inWords() + ": " + incident.alerts());
    }

    private void awaitEach(Incident incident, boolean firing, String when) {
        for (String alert : incident.alerts()) {
            try {
                await().atMost(PATIENCE).pollInterval(POLL).until(() -> notifications.isFiring(alert) == firing);
            } catch (ConditionTimeoutException e) {
                throw new AssertionError(
                        alert + (firing ? " does not fire " : " does not resolve ") + when + ": " + incident.inWords(),
                        e);
            }
        }
    }

    private static double seconds(long nanos) {
        return nanos / 1e9;
    }

    /** The table, in the order in which alerts were through. */
    void print() {
        System.out.printf("%n" + ROW, "alert", "caused by", "fired", "resolved");
        System.out.printf(ROW, "---", "---", "---:", "---:");
        for (Row row : rows) {
            System.out.printf(
                    ROW, row.alert(), row.incident(), inWords(row.firedSeconds()), inWords(row.resolvedSeconds()));
        }
    }

    private static String inWords(double seconds) {
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }

    /** The alerts that fired and resolved. */
    List<String> proved() {
        return rows.stream().map(Row::alert).toList();
    }
}
