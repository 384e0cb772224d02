package io.rtaa.config;

import io.rtaa.call.CidrList;
import io.rtaa.edge.security.BasicCredentials;
import io.rtaa.edge.security.IpAllowList;
import io.rtaa.edge.security.StreamTokens;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in.
 *
 * @param jwt how tokens are verified; null where no key is set
 * @param exotelBasic Exotel's pairs; null where none is set
 * @param exotelBasicFile the file they are in; null where they are set by text, or not at all
 * @param exotelAddresses from where Exotel may call
 * @param trustedProxies whose {@code X-Forwarded-*} headers count
 * @param streamTokens the tokens of stream URLs; null where no key is set to sign them
 * @param streamKeyFile the file that key is in; null where it is set otherwise, or not at all
 */
public record Credentials(
        @Nullable JwtSettings jwt,
        @Nullable BasicCredentials exotelBasic,
        @Nullable Path exotelBasicFile,
        IpAllowList exotelAddresses,
        CidrList trustedProxies,
        @Nullable StreamTokens streamTokens,
        @Nullable Path streamKeyFile) {

    static final Setting<BasicCredentials> BASIC = Setting.parsed(
                    "rtaa.exotel.basic-auth",
                    BasicCredentials::parse,
                    "KEY:TOKEN of Exotel's, several separated by commas or lines")
            .variable("EXOTEL_BASIC_AUTH")
            .isSecret()
            .build();
    private static final Setting<CidrList> ALLOWED_IPS = Setting.parsed(
                    "rtaa.exotel.allowed-ips", CidrList::parse, "CIDR list: from where Exotel may call")
            .variable("EXOTEL_ALLOWED_IPS")
            .build();
    private static final Setting<CidrList> PROXIES = Setting.parsed(
                    "rtaa.trusted-proxies", CidrList::parse, "CIDR list: whose X-Forwarded-* headers count")
            .variable("TRUSTED_PROXIES")
            .build();

    static final Setting<StreamTokens> JWT_PRIVATE_KEY = Setting.parsed(
                    "rtaa.jwt.private-key",
                    StreamTokens::ofPem,
                    "PEM text or file: signs the tokens of /v1/exotel/stream-url, the same in all processes")
            .variable("JWT_PRIVATE_KEY")
            .isSecret()
            .build();

    /** All that are read here. */
    static final List<Setting<?>> DECLARED = List.of(BASIC, ALLOWED_IPS, PROXIES, JWT_PRIVATE_KEY);

    static Credentials read(SettingsReader reader) {
        CidrList allowed = reader.find(ALLOWED_IPS);
        CidrList proxies = reader.find(PROXIES);
        CidrList trusted = proxies == null ? CidrList.NONE : proxies;
        return new Credentials(
                JwtSettings.read(reader),
                reader.find(BASIC),
                reader.file(BASIC),
                new IpAllowList(allowed, trusted),
                trusted,
                reader.find(JWT_PRIVATE_KEY),
                reader.file(JWT_PRIVATE_KEY));
    }

    /** Whether a door asks for a credential. An allow-list is none: addresses can be shared and, behind proxies, claimed. */
    boolean guards(Door door) {
        return jwt != null || (door == Door.EXOTEL && exotelBasic != null);
    }
}
