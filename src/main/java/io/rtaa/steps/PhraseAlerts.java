package io.rtaa.steps;

import io.rtaa.call.StreamId;
import io.rtaa.call.TranscriptEvent.Alert;
import io.rtaa.call.TranscriptEvent.Final;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.camel.Exchange;
import org.apache.camel.support.ExpressionAdapter;
import org.jspecify.annotations.Nullable;

/**
 * The alerts for what was said in a final, as the expression of a {@code split}: a list with one {@link Alert} for each
 * name of which a phrase was said, empty for any other event. Upper and lower case and punctuation do not count. A
 * phrase may begin in the final before, of the same speaker.
 *
 * <p>Each route that names it has a memory of its own, of the last words in the {@value #MOST_CHANNELS} channels of
 * calls of which a final came last.
 *
 * <p>Thread-safety: safe; finals of one call come to a route one after another.
 */
public final class PhraseAlerts extends ExpressionAdapter {

    static final int MOST_CHANNELS = 20_000;

    private record Channel(@Nullable String route, StreamId stream, int channel) {}

    private record Tail(@Nullable Integer speaker, List<String> words) {}

    private final Clock clock;
    private Map<String, List<List<String>>> phrases = Map.of();
    private int longest;

    private final Map<Channel, Tail> tails = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Channel, Tail> eldest) {
            return size() > MOST_CHANNELS;
        }
    };

    public PhraseAlerts() {
        this(Clock.systemUTC());
    }

    PhraseAlerts(Clock clock) {
        this.clock = clock;
    }

    /**
     * Sets what to listen for.
     *
     * @param phrases a line for each alert: its name, a colon, and the phrases that cause it, separated by semicolons
     * @throws IllegalArgumentException that names a line without a name or a phrase
     */
    public void setPhrases(String phrases) {
        Map<String, List<List<String>>> parsed = new TreeMap<>();
        phrases.lines().filter(line -> !line.isBlank()).forEach(line -> {
            int colon = line.indexOf(':');
            String name = line.substring(0, Math.max(0, colon)).strip();
            List<List<String>> each = Arrays.stream(line.substring(colon + 1).split(";"))
                    .map(PhraseAlerts::words)
                    .filter(words -> !words.isEmpty())
                    .toList();
            if (name.isEmpty() || each.isEmpty()) {
                throw new IllegalArgumentException("an alert is '" + line.strip()
                        + "'; allowed: a name and phrases, such as 'complaint: your manager; consumer court'");
            }
            parsed.put(name, each);
        });
        this.phrases = parsed;
        this.longest = parsed.values().stream()
                .flatMap(List::stream)
                .mapToInt(List::size)
                .max()
                .orElse(0);
    }

    private static List<String> words(String text) {
        return Arrays.stream(text.strip().split("\\s+"))
                .map(SpokenNumbers::bare)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    @Override
    public Object evaluate(Exchange exchange) {
        if (!(exchange.getMessage().getBody() instanceof Final said)
                || said.text().isEmpty()) {
            return List.of();
        }
        List<String> before = tail(new Channel(exchange.getFromRouteId(), said.stream(), said.channel()), said);
        List<String> heard = new ArrayList<>(before);
        heard.addAll(words(said.text()));
        List<Alert> alerts = new ArrayList<>();
        phrases.forEach((name, any) -> {
            if (any.stream().anyMatch(phrase -> endsBehind(phrase, heard, before.size()))) {
                alerts.add(new Alert(said.stream(), said.seq(), clock.millis(), name));
            }
        });
        return alerts;
    }

    /** The words before a final that a phrase may begin with; from now on those at its own end. */
    private synchronized List<String> tail(Channel channel, Final said) {
        Tail last = tails.get(channel);
        List<String> before =
                last == null || !Objects.equals(last.speaker(), said.speaker()) ? List.of() : last.words();
        List<String> heard = new ArrayList<>(before);
        heard.addAll(words(said.text()));
        int from = Math.max(0, heard.size() - Math.max(0, longest - 1));
        tails.put(channel, new Tail(said.speaker(), List.copyOf(heard.subList(from, heard.size()))));
        return before;
    }

    /** Whether a phrase is among the words and ends behind the first so many of them. */
    private static boolean endsBehind(List<String> phrase, List<String> words, int first) {
        int from = Math.max(0, first - phrase.size() + 1);
        return Collections.indexOfSubList(words.subList(from, words.size()), phrase) >= 0;
    }
}
