package io.rtaa.management;

import javax.management.ObjectName;
import org.jolokia.server.core.service.api.Restrictor;
import org.jolokia.server.core.util.HttpMethod;
import org.jolokia.server.core.util.RequestType;
import org.jspecify.annotations.Nullable;

/**
 * Refuses every request to Jolokia that the allow-list does not name, by the role of the operator that Spring's
 * security context has. Who is not logged in gets nothing.
 *
 * <p>Thread-safety: safe; called on the thread of the request.
 */
public final class AllowListRestrictor implements Restrictor {

    private final AllowList allowed = AllowList.read();

    /** A link or an image of another site makes a browser send a GET; a POST needs the token of the page. */
    @Override
    public boolean isHttpMethodAllowed(HttpMethod method) {
        return method == HttpMethod.POST;
    }

    @Override
    public boolean isTypeAllowed(RequestType type) {
        return switch (type) {
            case READ, LIST, SEARCH, VERSION, EXEC -> Operator.current() != null;
            case WRITE, CONFIG, NOTIFICATION -> false;
        };
    }

    @Override
    public boolean isAttributeReadAllowed(ObjectName bean, @Nullable String attribute) {
        return Operator.current() != null && attribute != null && allowed.mayRead(bean, attribute);
    }

    @Override
    public boolean isAttributeWriteAllowed(ObjectName bean, String attribute) {
        return false;
    }

    /** An operation on a pattern of names would be checked once and done on all that match. */
    @Override
    public boolean isOperationAllowed(ObjectName bean, @Nullable String operation) {
        Operator operator = Operator.current();
        return operator != null
                && operation != null
                && !bean.isPattern()
                && allowed.mayInvoke(operator.login().role(), bean, operation);
    }

    /** Who may connect is Spring's to say. */
    @Override
    public boolean isRemoteAccessAllowed(String... hostOrAddress) {
        return true;
    }

    /** No other site is granted access; a request of one lacks the token of the page. */
    @Override
    public boolean isOriginAllowed(@Nullable String origin, boolean onlyWhenStrict) {
        return onlyWhenStrict;
    }

    @Override
    public boolean isObjectNameHidden(ObjectName name) {
        return Operator.current() == null || !allowed.names(name);
    }
}
