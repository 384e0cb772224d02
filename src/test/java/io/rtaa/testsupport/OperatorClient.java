package io.rtaa.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks the management listener as an operator's browser does: with cookies, and the token against forged requests. */
public final class OperatorClient {

    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]*)\"");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CookieManager cookies = new CookieManager();
    private final HttpClient http =
            HttpClient.newBuilder().cookieHandler(cookies).build();
    private final String address;

    /** @param port of the management listener */
    public OperatorClient(int port) {
        address = "http://127.0.0.1:" + port;
    }

    /** One that is logged in. */
    public static OperatorClient in(int port, String user, String password) throws IOException, InterruptedException {
        OperatorClient client = new OperatorClient(port);
        HttpResponse<String> answer = client.logIn(user, password);
        if (answer.statusCode() != 302
                || answer.headers().firstValue("Location").orElse("").contains("error")) {
            throw new AssertionError("not logged in: " + answer.statusCode() + " "
                    + answer.headers().map());
        }
        client.get("/actuator/hawtio/index.html");
        return client;
    }

    /** Sends the form of the log-in. */
    public HttpResponse<String> logIn(String user, String password) throws IOException, InterruptedException {
        Matcher token = FORM_TOKEN.matcher(get("/login").body());
        if (!token.find()) {
            throw new AssertionError("the form has no token");
        }
        String form =
                "username=" + encoded(user) + "&password=" + encoded(password) + "&_csrf=" + encoded(token.group(1));
        return send(HttpRequest.newBuilder(URI.create(address + "/login"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    public HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(URI.create(address + path)));
    }

    /** With HTTP Basic. */
    public HttpResponse<String> get(String path, String userAndPassword) throws IOException, InterruptedException {
        String basic = Base64.getEncoder().encodeToString(userAndPassword.getBytes(StandardCharsets.UTF_8));
        return send(HttpRequest.newBuilder(URI.create(address + path)).header("Authorization", "Basic " + basic));
    }

    /** Asks Jolokia as Hawtio's page does. */
    public JsonNode jolokia(String json) throws IOException, InterruptedException {
        HttpResponse<String> answer = post(json, csrfToken());
        if (answer.statusCode() != 200) {
            throw new AssertionError("Jolokia answered " + answer.statusCode() + ": " + answer.body());
        }
        return JSON.readTree(answer.body());
    }

    /** Has Jolokia invoke an operation. */
    public JsonNode invoke(String bean, String operation, Object... arguments)
            throws IOException, InterruptedException {
        return jolokia(JSON.writeValueAsString(JSON.createObjectNode()
                .put("type", "exec")
                .put("mbean", bean)
                .put("operation", operation)
                .set("arguments", JSON.valueToTree(arguments))));
    }

    /** Has Jolokia read an attribute. */
    public JsonNode read(String bean, String attribute) throws IOException, InterruptedException {
        return jolokia(JSON.writeValueAsString(
                JSON.createObjectNode().put("type", "read").put("mbean", bean).put("attribute", attribute)));
    }

    /** @param token null for none */
    public HttpResponse<String> post(String json, @Nullable String token) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + "/actuator/hawtio/jolokia/"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json));
        if (token != null) {
            request.header("X-XSRF-TOKEN", token);
        }
        return send(request);
    }

    /** The token that the page reads in its cookie. */
    public String csrfToken() {
        return cookies.getCookieStore().getCookies().stream()
                .filter(cookie -> cookie.getName().equals("XSRF-TOKEN"))
                .map(HttpCookie::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no cookie has the token"));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
