package io.rtaa.edge.security;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509KeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate of a TLS listener, which may be replaced while clients connect. A handshake uses one pair from its
 * beginning to its end: an alias names the pair too, and the one before is kept for handshakes that have begun with it.
 *
 * <p>Thread-safety: safe; no method blocks.
 */
public final class ReplaceableCertificate extends X509ExtendedKeyManager {

    private record Pair(int number, ServerCertificate certificate, X509KeyManager keys) {

        static Pair of(int number, ServerCertificate certificate) {
            return new Pair(number, certificate, certificate.keyManager());
        }

        String prefix() {
            return number + ".";
        }
    }

    private record Pairs(Pair current, @Nullable Pair before) {

        @Nullable
        Pair of(String alias) {
            if (alias.startsWith(current.prefix())) {
                return current;
            }
            return before != null && alias.startsWith(before.prefix()) ? before : null;
        }
    }

    private volatile Pairs pairs;

    public ReplaceableCertificate(ServerCertificate first) {
        this.pairs = new Pairs(Pair.of(0, first), null);
    }

    /** Has handshakes that begin from now on use another pair. */
    public synchronized void replace(ServerCertificate next) {
        Pair before = pairs.current();
        pairs = new Pairs(Pair.of(before.number() + 1, next), before);
    }

    /** The pair that handshakes use now. */
    public ServerCertificate current() {
        return pairs.current().certificate();
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        return chooseServerAlias(keyType, issuers, null);
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        Pair current = pairs.current();
        String alias = current.keys().chooseServerAlias(keyType, issuers, socket);
        return alias == null ? null : current.prefix() + alias;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        Pair pair = pairs.of(alias);
        return pair == null
                ? null
                : pair.keys().getCertificateChain(alias.substring(pair.prefix().length()));
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        Pair pair = pairs.of(alias);
        return pair == null
                ? null
                : pair.keys().getPrivateKey(alias.substring(pair.prefix().length()));
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        String alias = chooseServerAlias(keyType, issuers, null);
        return alias == null ? null : new String[] {alias};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }
}
