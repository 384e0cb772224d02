package io.rtaa.routes;

import io.rtaa.call.Handshake;
import io.rtaa.call.HandshakeGuard.Verdict;
import io.rtaa.call.HandshakeGuard.Verdict.Granted;
import io.rtaa.call.HandshakeGuard.Verdict.Refused;
import io.rtaa.call.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * A handshake on its way through its route: the body is the {@link Handshake}, and a step grants a principal or refuses.
 * A refusal ends the route; a route that comes to its end without either refuses too.
 *
 * <p>Thread-safety: one step at a time.
 */
public final class HandshakeExchange {

    /** The exchange property with this object; steps in other languages find what was granted by it. */
    public static final String PROPERTY = "RtaaHandshake";

    private static final int FORBIDDEN = 403;

    private final Handshake handshake;
    private final List<Runnable> held = new ArrayList<>(1);
    private final List<Runnable> spent = new ArrayList<>(1);
    private final List<UnaryOperator<Refused>> onRefusal = new ArrayList<>(1);
    private final List<String> missing = new ArrayList<>(2);
    private @Nullable Principal principal;
    private @Nullable Instant expiresAt;
    private @Nullable Refused refusal;
    private @Nullable String subprotocol;
    private @Nullable String challenge;
    private boolean opened;

    HandshakeExchange(Handshake handshake) {
        this.handshake = handshake;
    }

    /** @throws IllegalArgumentException if the exchange is none of a handshake's route */
    public static HandshakeExchange of(Exchange exchange) {
        HandshakeExchange found = exchange.getProperty(PROPERTY, HandshakeExchange.class);
        if (found == null) {
            throw new IllegalArgumentException("the exchange carries no handshake; allowed: routes that an endpoint"
                    + " of websocket: names as its handshake");
        }
        return found;
    }

    /** What the peer asks for. */
    public Handshake handshake() {
        return handshake;
    }

    /** The peer as a step has granted it; null before that. */
    public @Nullable Principal principal() {
        return principal;
    }

    /** The peer has proved who it is, for as long as it stays connected. */
    public void grant(Principal proved) {
        principal = proved;
        expiresAt = null;
    }

    /**
     * The peer has proved who it is for a time. What becomes of its connection then is its endpoint's to say.
     *
     * @param until when the proof expires
     */
    public void grant(Principal proved, Instant until) {
        principal = proved;
        expiresAt = until;
    }

    /** The peer stays out: the route ends here. */
    public void refuse(Exchange exchange, Refused why) {
        refusal = why;
        exchange.setRouteStop(true);
    }

    boolean isRefused() {
        return refusal != null;
    }

    /**
     * A step that could have granted found no credential that it knows.
     *
     * @param credential what it takes, in words for the peer
     * @param asked its {@code WWW-Authenticate} header
     */
    public void misses(String credential, String asked) {
        missing.add(credential);
        if (challenge == null) {
            challenge = asked;
        }
    }

    /** What credentials could have been brought, in words for the peer; empty where no step of the route takes any. */
    public List<String> missing() {
        return List.copyOf(missing);
    }

    /** The {@code WWW-Authenticate} header of the first step that found no credential; null where none looked. */
    public @Nullable String challenge() {
        return challenge;
    }

    /** The websocket subprotocol that the answer names. */
    public void answerSubprotocol(String named) {
        subprotocol = named;
    }

    /** Has a step say how the peer is refused, if it is: after the route, with what the route refused it with. */
    public void onRefusal(UnaryOperator<Refused> answer) {
        onRefusal.add(answer);
    }

    /** Keeps something for the peer until its connection has ended, or the handshake becomes none. */
    public void hold(Runnable release) {
        held.add(release);
    }

    /** Uses something up for the peer, which is given back if no connection comes of the handshake. */
    public void spend(Runnable giveBack) {
        spent.add(giveBack);
    }

    /** What became of it at the end of the route. */
    Verdict verdict() {
        Principal granted = principal;
        if (refusal == null && granted != null) {
            return new Granted(granted, subprotocol, expiresAt, this::release, this::opened);
        }
        release();
        Refused refused =
                refusal == null ? new Refused(FORBIDDEN, "the route of this handshake lets nobody in", null) : refusal;
        for (UnaryOperator<Refused> answer : onRefusal) {
            refused = answer.apply(refused);
        }
        return refused;
    }

    /** The connection is there: what was spent on it stays spent. */
    private void opened() {
        opened = true;
    }

    /** Gives back what is held, and what was spent on a connection that never was. */
    void release() {
        held.forEach(Runnable::run);
        if (!opened) {
            spent.forEach(Runnable::run);
        }
    }
}
