package io.rtaa.audit;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.PeerKind;
import io.rtaa.call.Principal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Writes the audit log: a line of the logger {@value #LOGGER} for each sign-in, reading, export and operation, with the
 * keys {@code what}, {@code who}, {@code role}, {@code tenant}, {@code from}, {@code path}, {@code request_id}, {@code call}, {@code
 * outcome} and {@code reason}, and for an operator's {@code bean}, {@code operation} and {@code arguments}. No line has a
 * token, a password or what was said in a call.
 *
 * <p>What comes from outside is cut to {@link #MAX_VALUE_CHARS} and has neither control characters nor quotes, so that
 * it can make up neither a key nor a line. Of refused sign-ins {@link RefusalRate} bounds the lines.
 *
 * <p>Thread-safety: safe; writes to the log on the calling thread.
 */
public final class AuditLog {

    /** The logger's name, by which its level is set: {@code logging.level.rtaa.audit}. */
    public static final String LOGGER = "rtaa.audit";

    /** The longest value of a key, in characters: longer than any id that is taken from outside. */
    static final int MAX_VALUE_CHARS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(LOGGER);

    private static final RefusalRate REFUSALS = new RefusalRate();

    private AuditLog() {}

    /**
     * A peer asked to come in. A request that is no upgrade signs in nowhere by being granted: what it then does has a
     * line of its own.
     */
    public static void signIn(Handshake handshake, Verdict verdict) {
        if (verdict instanceof Granted granted && handshake.isUpgrade()) {
            signIn(handshake, granted.principal());
        } else if (verdict instanceof Refused refused) {
            signInRefused(handshake, refused.status(), refused.reason());
        }
    }

    /** A peer came in. */
    public static void signIn(Handshake handshake, Principal principal) {
        if (LOG.isInfoEnabled()) {
            line("sign-in", principal, handshake, call(handshake, principal), "granted")
                    .log("Signed in");
        }
    }

    /** The call that a peer comes in for: the one it is bound to, or that it asks to see; null where it says none. */
    private static @Nullable String call(Handshake handshake, Principal principal) {
        if (principal.callSid() != null || handshake.kind() != PeerKind.VIEWER) {
            return principal.callSid();
        }
        return Handshake.queryValues(handshake.query(), "interaction_id").stream()
                .findFirst()
                .orElse(null);
    }

    /** No verdict came about a peer, and it stays out. */
    public static void signInFailed(Handshake handshake) {
        signInRefused(handshake, 503, "no verdict");
    }

    private static void signInRefused(Handshake handshake, int status, String reason) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        long unlogged = REFUSALS.next(System.nanoTime());
        if (unlogged < 0) {
            return;
        }
        LoggingEventBuilder line = line("sign-in", null, handshake, null, "refused")
                .addKeyValue("status", status)
                .addKeyValue("reason", clean(reason));
        (unlogged == 0 ? line : line.addKeyValue("unlogged", unlogged)).log("Sign-in refused");
    }

    /**
     * Somebody read, exported or changed something, or tried to.
     *
     * @param what the operation, such as {@code read-call}
     * @param call what it was about; null for nothing in particular
     * @param outcome how it ended: {@code done}, {@code refused} or {@code failed}
     * @param reason why it was refused or failed; null where it was not
     */
    public static void operation(
            String what,
            Principal who,
            Handshake from,
            @Nullable String call,
            String outcome,
            @Nullable String reason) {
        if (LOG.isInfoEnabled()) {
            LoggingEventBuilder line = line(what, who, from, call, outcome);
            (reason == null ? line : line.addKeyValue("reason", clean(reason))).log("Operation");
        }
    }

    /**
     * An operator logged in at the management listener, or tried to.
     *
     * @param who the name that was given
     * @param role the role; null for one that did not get in
     * @param from the address of the peer
     * @param reason why it did not; null where it did
     */
    public static void operatorSignIn(String who, @Nullable String role, String from, @Nullable String reason) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        long unlogged = reason == null ? 0 : REFUSALS.next(System.nanoTime());
        if (unlogged < 0) {
            return;
        }
        LoggingEventBuilder line = LOG.atInfo().addKeyValue("what", "operator-sign-in");
        if (role != null) {
            // A name that was refused may be a password, typed into the wrong field.
            line = line.addKeyValue("who", clean(who)).addKeyValue("role", role);
        }
        line = line.addKeyValue("from", clean(from)).addKeyValue("outcome", reason == null ? "granted" : "refused");
        if (reason != null) {
            line = line.addKeyValue("reason", clean(reason));
        }
        (unlogged == 0 ? line : line.addKeyValue("unlogged", unlogged))
                .log(reason == null ? "Operator signed in" : "Sign-in refused");
    }

    /**
     * An operator asked for an operation of a managed bean.
     *
     * @param who the name of its login
     * @param role {@code viewer} or {@code admin}
     * @param from the address of the peer
     * @param bean the bean's name
     * @param operation the operation's name
     * @param arguments its arguments; null for none, or where they are not to be told
     * @param outcome how it ended: {@code done}, {@code refused} or {@code failed}
     */
    public static void managed(
            String who,
            String role,
            String from,
            String bean,
            String operation,
            @Nullable String arguments,
            String outcome) {
        if (!LOG.isInfoEnabled()) {
            return;
        }
        LoggingEventBuilder line = LOG.atInfo()
                .addKeyValue("what", "operate")
                .addKeyValue("who", clean(who))
                .addKeyValue("role", role)
                .addKeyValue("from", clean(from))
                .addKeyValue("bean", clean(bean))
                .addKeyValue("operation", clean(operation));
        if (arguments != null) {
            line = line.addKeyValue("arguments", clean(arguments));
        }
        line.addKeyValue("outcome", outcome).log("Operation");
    }

    private static LoggingEventBuilder line(
            String what, @Nullable Principal who, Handshake from, @Nullable String call, String outcome) {
        LoggingEventBuilder line = LOG.atInfo().addKeyValue("what", what);
        if (who != null) {
            line = line.addKeyValue("who", clean(who.name()))
                    .addKeyValue("role", who.role().wireName());
            if (who.tenantId() != null) {
                line = line.addKeyValue("tenant", clean(who.tenantId()));
            }
        }
        line = line.addKeyValue("from", clean(from.remoteAddress()));
        List<String> forwarded = from.headers().get("x-forwarded-for");
        if (forwarded != null) {
            // A proxy wrote it, or the peer itself: the reader of the log knows which proxies to trust.
            line = line.addKeyValue("forwarded_for", clean(String.join(", ", forwarded)));
        }
        line = line.addKeyValue("path", clean(from.path()));
        if (from.requestId() != null) {
            line = line.addKeyValue("request_id", clean(from.requestId()));
        }
        if (call != null) {
            line = line.addKeyValue("call", clean(call));
        }
        return line.addKeyValue("outcome", outcome);
    }

    /** A value that cannot be taken for more than one: bounded, without control characters, separators and quotes. */
    static String clean(String value) {
        StringBuilder clean = new StringBuilder(Math.min(value.length(), MAX_VALUE_CHARS + 1));
        for (int i = 0; i < value.length() && i < MAX_VALUE_CHARS; i++) {
            char c = value.charAt(i);
            clean.append(isPlain(c) ? c : '?');
        }
        return value.length() > MAX_VALUE_CHARS ? clean.append('…').toString() : clean.toString();
    }

    private static boolean isPlain(char c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> false;
            default -> c != '"' && c != '\\';
        };
    }
}
