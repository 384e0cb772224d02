package io.rtaa.operations;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;

/**
 * {@code /health} and {@code /api/health}: 200 while this process can do its job, else 503; the parts are named, UP or
 * DOWN. {@code /health/live}: 200 while this process answers and makes progress, whatever its neighbours do.
 *
 * <p>Everybody may ask, so no answer gives a reason: reasons name hosts and say what fails. The management listener
 * gives them.
 *
 * <p>Thread-safety: safe.
 */
public final class HealthApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<HealthPart> parts;
    private final List<Liveness> progress;

    /**
     * @param parts what this process needs to do its job
     * @param progress what has to get on for it to be worth keeping
     */
    public HealthApi(List<HealthPart> parts, List<Liveness> progress) {
        this.parts = List.copyOf(parts);
        this.progress = List.copyOf(progress);
    }

    public void mount(Router router) {
        for (String path : List.of("/health", "/api/health")) {
            router.get(path).method(HttpMethod.HEAD).handler(this::health);
        }
        router.get("/health/live").method(HttpMethod.HEAD).handler(this::live);
    }

    private void live(RoutingContext context) {
        for (Liveness each : progress) {
            if (each.stuck().get() != null) {
                answer(context, 503, status("DOWN"));
                return;
            }
        }
        answer(context, 200, status("UP"));
    }

    private void health(RoutingContext context) {
        ObjectNode body = status("UP");
        ObjectNode detail = body.putObject("parts");
        boolean up = true;
        for (HealthPart part : parts) {
            boolean partIsUp = part.problem() == null;
            detail.putObject(part.name()).put("status", partIsUp ? "UP" : "DOWN");
            up &= partIsUp;
        }
        if (!up) {
            body.put("status", "DOWN");
        }
        answer(context, up ? 200 : 503, body);
    }

    private static ObjectNode status(String status) {
        return JSON.createObjectNode().put("status", status);
    }

    private static void answer(RoutingContext context, int status, ObjectNode body) {
        context.response()
                .setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.toString());
    }
}
