package io.rtaa.edge.websocket;

import static org.awaitility.Awaitility.await;

import io.rtaa.call.SocketEvent;
import io.rtaa.call.SocketHeaders;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.Exchange;

/** Notes each event that a route gets from its sockets; routes may run on several threads. */
final class RecordedEvents {

    /** One event with what its route saw of it, and the thread it came on. */
    record Event(String key, SocketEvent event, Object body, Map<String, Object> headers, String thread) {}

    private final Map<String, List<Event>> bySocket = new ConcurrentHashMap<>();

    /** The step of a route: notes the event of an exchange. */
    void record(Exchange exchange) {
        Map<String, Object> headers = new HashMap<>(exchange.getMessage().getHeaders());
        String key = (String) headers.get(SocketHeaders.CONNECTION_KEY);
        bySocket.computeIfAbsent(key, any -> Collections.synchronizedList(new ArrayList<>()))
                .add(new Event(
                        key,
                        (SocketEvent) headers.get(SocketHeaders.EVENT),
                        exchange.getMessage().getBody(),
                        headers,
                        Thread.currentThread().getName()));
    }

    /** Each socket's events, in the order they came. */
    Collection<List<Event>> bySocket() {
        return bySocket.values();
    }

    /** The events of one socket after those of another. */
    List<Event> all() {
        List<Event> all = new ArrayList<>();
        bySocket.values().forEach(of -> {
            synchronized (of) {
                all.addAll(of);
            }
        });
        return all;
    }

    /** Waits for the first end of a socket. */
    Event awaitClose() {
        await().until(() -> all().stream().anyMatch(e -> e.event() == SocketEvent.CLOSE));
        return all().stream()
                .filter(e -> e.event() == SocketEvent.CLOSE)
                .findFirst()
                .orElseThrow();
    }

    /** Whether the last of a socket's events is its end. */
    static boolean ended(List<Event> of) {
        return !of.isEmpty() && of.get(of.size() - 1).event() == SocketEvent.CLOSE;
    }

    /** The messages among a socket's events. */
    static List<Object> bodies(List<Event> of) {
        synchronized (of) {
            return of.stream()
                    .filter(e -> e.event() == SocketEvent.MESSAGE)
                    .map(Event::body)
                    .toList();
        }
    }
}
