package io.rtaa.operations;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code /health} and {@code /api/health}: 200 while this process can do its job, else 503 naming what cannot. {@code
 * /health/live}: 200 while this process answers and makes progress, whatever its neighbours do.
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
            String stuck = each.stuck().get();
            if (stuck != null) {
                answer(context, 503, status("DOWN").put("reason", stuck));
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
            String fault = fault(part);
            ObjectNode answer = detail.putObject(part.name());
            answer.put("status", fault == null ? "UP" : "DOWN");
            if (fault != null) {
                up = false;
                answer.put("reason", fault);
            } else {
                String note = part.note().get();
                if (note != null) {
                    answer.put("note", note);
                }
            }
        }
        if (!up) {
            body.put("status", "DOWN");
        }
        answer(context, up ? 200 : 503, body);
    }

    private static @Nullable String fault(HealthPart part) {
        try {
            return part.fault().get();
        } catch (RuntimeException e) {
            return "its check failed: " + e;
        }
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
