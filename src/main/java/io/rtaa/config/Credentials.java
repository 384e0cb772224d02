package io.rtaa.config;

import io.rtaa.call.CidrList;
import io.rtaa.edge.security.BasicCredentials;
import io.rtaa.edge.security.IpAllowList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in.
 *
 * @param jwt how tokens are verified; null where no key is set
 * @param exotelBasic Exotel's pairs; null where none is set
 * @param exotelAddresses from where Exotel may call
 * @param trustedProxies whose {@code X-Forwarded-*} headers count
 */
public record Credentials(
        @Nullable JwtSettings jwt,
        @Nullable BasicCredentials exotelBasic,
        IpAllowList exotelAddresses,
        CidrList trustedProxies) {

    private static final Setting<BasicCredentials> BASIC = Setting.parsed(
                    "rtaa.exotel.basic-auth",
                    BasicCredentials::parse,
                    "KEY:TOKEN of Exotel's, several separated by commas")
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

    /** All that are read here. */
    static final List<Setting<?>> DECLARED = List.of(BASIC, ALLOWED_IPS, PROXIES);

    static Credentials read(SettingsReader reader) {
        CidrList allowed = reader.find(ALLOWED_IPS);
        CidrList proxies = reader.find(PROXIES);
        CidrList trusted = proxies == null ? CidrList.NONE : proxies;
        return new Credentials(
                JwtSettings.read(reader), reader.find(BASIC), new IpAllowList(allowed, trusted), trusted);
    }

    /** Whether a door asks for a credential. An allow-list is none: addresses can be shared and, behind proxies, claimed. */
    boolean guards(Door door) {
        return jwt != null || (door == Door.EXOTEL && exotelBasic != null);
    }
}
