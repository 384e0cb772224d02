package io.rtaa.management;

import io.rtaa.audit.AuditLog;
import io.rtaa.call.Role;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import javax.management.JMException;
import org.jolokia.server.core.request.BadRequestException;
import org.jolokia.server.core.request.EmptyResponseException;
import org.jolokia.server.core.request.JolokiaExecRequest;
import org.jolokia.server.core.request.JolokiaObjectNameRequest;
import org.jolokia.server.core.request.JolokiaRequest;
import org.jolokia.server.core.request.NotChangedException;
import org.jolokia.server.core.util.RequestType;
import org.jolokia.service.jmx.LocalRequestHandler;
import org.jspecify.annotations.Nullable;

/**
 * Jolokia's way to the beans of this process, with a line of the audit log for each operation that changes something,
 * and for whatever was refused: what came of it, and for one that was allowed, its arguments. Operations that only
 * look have none: Hawtio's page asks for them every second. Jolokia makes it by its name in {@code
 * META-INF/jolokia/services}.
 *
 * <p>Thread-safety: safe.
 */
public final class AuditedRequestHandler extends LocalRequestHandler {

    private final AllowList allowed = AllowList.read();

    /** @param order its place among Jolokia's handlers */
    public AuditedRequestHandler(int order) {
        super(order);
    }

    @Override
    public <R extends JolokiaRequest> @Nullable Object handleRequest(R request, @Nullable Object previous)
            throws IOException, JMException, NotChangedException, BadRequestException, EmptyResponseException {
        if (request.getType() != RequestType.EXEC && request.getType() != RequestType.WRITE) {
            return super.handleRequest(request, previous);
        }
        String outcome = "failed";
        try {
            Object result = super.handleRequest(request, previous);
            outcome = "done";
            return result;
        } catch (SecurityException e) {
            outcome = "refused";
            throw e;
        } finally {
            if (outcome.equals("refused") || isOperation(request)) {
                audit(request, outcome);
            }
        }
    }

    private boolean isOperation(JolokiaRequest request) {
        return request instanceof JolokiaExecRequest exec
                && !allowed.mayInvoke(Role.VIEWER, exec.getObjectName(), exec.getOperation());
    }

    private static void audit(JolokiaRequest request, String outcome) {
        Operator operator = Operator.current();
        String bean = request instanceof JolokiaObjectNameRequest named ? named.getObjectNameAsString() : "";
        String operation = request instanceof JolokiaExecRequest exec
                ? exec.getOperation()
                : request.getType().getName();
        // What was refused may hold anything, words of a call for example.
        String arguments = request instanceof JolokiaExecRequest exec && !outcome.equals("refused")
                ? joined(exec.getArguments())
                : null;
        AuditLog.managed(
                operator == null ? "" : operator.login().getName(),
                operator == null ? "" : operator.login().role().wireName(),
                operator == null ? "" : operator.request().getRemoteAddr(),
                bean,
                operation,
                arguments,
                outcome);
    }

    private static @Nullable String joined(@Nullable List<?> arguments) {
        return arguments == null || arguments.isEmpty()
                ? null
                : arguments.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
