package io.rtaa.config;

import io.rtaa.call.CidrList;
import io.rtaa.config.SettingsReader.Setting;
import io.rtaa.security.BasicCredentials;
import io.rtaa.security.IpAllowList;
import io.rtaa.security.JwtVerifier;
import org.jspecify.annotations.Nullable;

/**
 * Who may come in.
 *
 * @param jwt verifies tokens; null where no key is set
 * @param exotelBasic Exotel's pairs; null where none is set
 * @param exotelAddresses from where Exotel may call
 * @param trustedProxies whose {@code X-Forwarded-*} headers count
 */
public record Credentials(
        @Nullable JwtVerifier jwt,
        @Nullable BasicCredentials exotelBasic,
        IpAllowList exotelAddresses,
        CidrList trustedProxies) {

    private static final Setting JWT_PUBLIC_KEY = Setting.secret("JWT_PUBLIC_KEY", "rtaa.jwt.public-key");
    private static final Setting BASIC = Setting.secret("EXOTEL_BASIC_AUTH", "rtaa.exotel.basic-auth");
    private static final Setting ALLOWED_IPS = Setting.open("EXOTEL_ALLOWED_IPS", "rtaa.exotel.allowed-ips");
    private static final Setting PROXIES = Setting.open("TRUSTED_PROXIES", "rtaa.trusted-proxies");

    static Credentials read(SettingsReader reader) {
        CidrList allowed = reader.parsed(ALLOWED_IPS, CidrList::parse);
        CidrList proxies = reader.parsed(PROXIES, CidrList::parse);
        CidrList trusted = proxies == null ? CidrList.NONE : proxies;
        return new Credentials(
                reader.parsed(JWT_PUBLIC_KEY, JwtVerifier::ofPem),
                reader.parsed(BASIC, BasicCredentials::parse),
                new IpAllowList(allowed, trusted),
                trusted);
    }

    /** Whether a door asks for a credential. An allow-list is none: addresses can be shared and, behind proxies, claimed. */
    boolean guards(Door door) {
        return jwt != null || (door == Door.EXOTEL && exotelBasic != null);
    }
}
