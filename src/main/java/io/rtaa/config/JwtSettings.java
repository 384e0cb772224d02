package io.rtaa.config;

import io.rtaa.edge.security.PublicKeys;
import io.rtaa.edge.security.TokenRules;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How tokens are verified: by keys, or by the JWK set at an address.
 *
 * @param keys the keys; null where an address is set
 * @param keyFile the file that the keys are in; null where the setting holds them itself, and with an address
 * @param jwksUrl the address; null where keys are set
 * @param rules what a token has to say
 */
record JwtSettings(
        @Nullable PublicKeys keys,
        @Nullable Path keyFile,
        @Nullable URL jwksUrl,
        TokenRules rules) {

    private static final String CLAIM = "the name of a claim, or a path of names separated by dots";

    static final Setting<PublicKeys> PUBLIC_KEY = Setting.parsed(
                    "rtaa.jwt.public-key",
                    PublicKeys::ofPemOrFile,
                    "PEM text or file of RSA and EC keys; of several blocks any verifies a token, for rotation")
            .variable("JWT_PUBLIC_KEY")
            .isSecret()
            .build();
    private static final Setting<URL> JWKS_URL = Setting.parsed(
                    "rtaa.jwt.jwks-url",
                    JwtSettings::url,
                    "Where the JWK set is whose keys verify tokens; instead of a fixed key")
            .variable("JWT_JWKS_URL")
            .build();
    private static final Setting<String> ISSUER = Setting.text(
                    "rtaa.jwt.issuer", "What the iss claim of each token has to be")
            .variable("JWT_ISSUER")
            .build();
    private static final Setting<String> AUDIENCE = Setting.text(
                    "rtaa.jwt.audience", "What the aud claim of each token has to be or hold")
            .variable("JWT_AUDIENCE")
            .build();
    private static final Setting<String> ROLE_CLAIM = Setting.text(
                    "rtaa.jwt.role-claim", "The claim that says what the bearer of a token may do: " + CLAIM)
            .variable("JWT_ROLE_CLAIM")
            .otherwise("role")
            .build();
    private static final Setting<String> TENANT_CLAIM = Setting.text(
                    "rtaa.jwt.tenant-claim", "The claim that names the tenant of the bearer of a token: " + CLAIM)
            .variable("JWT_TENANT_CLAIM")
            .otherwise("tenant")
            .build();

    /** All that are read here. */
    static final List<Setting<?>> DECLARED = List.of(PUBLIC_KEY, JWKS_URL, ISSUER, AUDIENCE, ROLE_CLAIM, TENANT_CLAIM);

    /** Null where neither a key nor an address is set, or what is set is wrong and noted. */
    static @Nullable JwtSettings read(SettingsReader reader) {
        PublicKeys keys = reader.find(PUBLIC_KEY);
        URL url = reader.find(JWKS_URL);
        if (reader.isGiven(PUBLIC_KEY) && reader.isGiven(JWKS_URL)) {
            reader.fault(
                    reader.name(PUBLIC_KEY) + " and " + reader.name(JWKS_URL) + " are both set; allowed: one of them");
        }
        for (Setting<String> claim : List.of(ROLE_CLAIM, TENANT_CLAIM)) {
            // Read by routes, which are made later and could only say that something is wrong.
            if (reader.text(claim) == null) {
                reader.fault(claim, null, CLAIM);
            }
        }
        TokenRules rules = new TokenRules(reader.text(ISSUER), reader.text(AUDIENCE));
        return keys == null && url == null ? null : new JwtSettings(keys, keyFile(reader), url, rules);
    }

    private static @Nullable Path keyFile(SettingsReader reader) {
        Path file = reader.file(PUBLIC_KEY);
        String text = reader.text(PUBLIC_KEY);
        return file != null || text == null || PublicKeys.isPem(text) ? file : Path.of(text);
    }

    /** Its messages do not show the text, which may hold credentials. */
    private static URL url(String text) {
        try {
            URI uri = new URI(text);
            boolean isHttp = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (isHttp && uri.getHost() != null && uri.getUserInfo() == null && uri.getFragment() == null) {
                return uri.toURL();
            }
        } catch (URISyntaxException | MalformedURLException noUrl) {
            // The fault is that of another address.
        }
        throw new IllegalArgumentException(
                "this is no address of a JWK set; allowed: https://HOST[:PORT]/PATH, or http:// within a machine or a"
                        + " network that you trust, without user and password");
    }
}
