package io.rtaa;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rtaa.edge.listener.PublicListener;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletionException;

/** Asks a listener for stream URLs, as Exotel does, and connects to them. */
final class StreamUrlClient {

    static final String PATH = "/v1/exotel/stream-url";

    private static final ObjectMapper JSON = new ObjectMapper();

    final HttpClient http = HttpClient.newHttpClient();

    /** The pair of its Basic credential. */
    String basic = "key:one";

    private final PublicListener listener;
    private final List<ExotelSocket> callers = new ArrayList<>();

    StreamUrlClient(PublicListener listener) {
        this.listener = listener;
    }

    String authority() {
        return "127.0.0.1:" + listener.actualPort();
    }

    HttpRequest.Builder request(String query) {
        return HttpRequest.newBuilder(URI.create("http://" + authority() + PATH + query));
    }

    HttpRequest.Builder asked(String query) {
        return request(query)
                .header(
                        "Authorization",
                        "Basic " + Base64.getEncoder().encodeToString(basic.getBytes(StandardCharsets.UTF_8)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        assertThat(answer.headers().firstValue("Cache-Control")).contains("no-store");
        return answer;
    }

    private static URI url(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode json = JSON.readTree(answer.body());
        assertThat(json.size()).isOne();
        return URI.create(json.path("url").asText());
    }

    /** The URL that is answered. */
    URI urlOf(HttpRequest.Builder request) throws IOException, InterruptedException {
        return url(send(request));
    }

    URI urlFor(String callSid) throws Exception {
        return urlOf(asked("?CallSid=" + callSid + "&CallFrom=0999&CallTo=0444&Direction=incoming"));
    }

    URI at(String path, URI url) {
        return URI.create("ws://" + authority() + path + "?" + url.getQuery());
    }

    /** The status with which a handshake is refused. */
    int refused(URI url) {
        try {
            open(url);
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(WebSocketHandshakeException.class);
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
        throw new AssertionError("the handshake was not refused");
    }

    ExotelSocket open(URI url) {
        ExotelSocket caller = new ExotelSocket(http, url);
        callers.add(caller);
        return caller;
    }

    void hangUp() {
        callers.forEach(ExotelSocket::abort);
    }
}
