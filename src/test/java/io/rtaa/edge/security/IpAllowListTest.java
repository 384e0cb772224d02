package io.rtaa.edge.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rtaa.call.CidrList;
import io.rtaa.call.Handshake;
import io.rtaa.call.PeerKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class IpAllowListTest {

    @Test
    void onlyAllowedAddressesMayCall() {
        IpAllowList list =
                new IpAllowList(CidrList.parse("192.0.2.0/25,2001:db8::/33"), CidrList.parse("10.0.0.0/8,::1"));
        assertThat(allows(list, "192.0.2.127")).isTrue();
        assertThat(allows(list, "::ffff:192.0.2.1")).isTrue();
        assertThat(allows(list, "192.0.2.128")).isFalse();
        assertThat(allows(list, "2001:db8:7fff::1%eth0")).isTrue();
        assertThat(allows(list, "2001:db8:8000::1")).isFalse();
        assertThat(allows(list, "not-an-address")).isFalse();
        assertThat(allows(list, "198.51.100.1", "192.0.2.1"))
                .as("no trusted proxy")
                .isFalse();
        assertThat(allows(list, "10.1.1.1", "192.0.2.1")).isTrue();
        assertThat(allows(list, "10.1.1.1", "192.0.2.1, 198.51.100.1"))
                .as("made up")
                .isFalse();
        assertThat(allows(list, "10.1.1.1", "198.51.100.1, 192.0.2.1:4711", "10.2.2.2"))
                .isTrue();
        assertThat(allows(list, "::1", "[2001:db8::5]:443")).isTrue();
        assertThat(allows(list, "10.1.1.1", "unknown")).isFalse();
    }

    @Test
    void anIpv4AddressInItsIpv6FormIsTheIpv4AddressItIs() {
        IpAllowList mapped = new IpAllowList(CidrList.parse("::ffff:192.0.2.0/120, ::ffff:c633:6401"), CidrList.NONE);
        assertThat(allows(mapped, "192.0.2.9")).isTrue();
        assertThat(allows(mapped, "::ffff:c000:0209")).isTrue();
        assertThat(allows(mapped, "192.0.3.9")).isFalse();
        assertThat(allows(mapped, "198.51.100.1")).isTrue();
        IpAllowList proxied = new IpAllowList(CidrList.parse("2001:db8::/32"), CidrList.parse("10.0.0.0/8"));
        assertThat(allows(proxied, "::ffff:10.0.0.1", "2001:db8::1")).isTrue();
        assertThat(allows(proxied, "10.0.0.1", "2001:db8::1, ::ffff:10.0.0.2", "[::ffff:10.0.0.3]:80"))
                .isTrue();
        assertThat(allows(proxied, "10.0.0.1", "2001:db8::1, 2001:db9::1, 10.0.0.2"))
                .isFalse();
        assertThat(allows(new IpAllowList(CidrList.parse("::/0"), CidrList.NONE), "192.0.2.1"))
                .as("IPv6 only")
                .isFalse();
    }

    @Test
    void whatIsNoNetworkIsRefused() {
        for (String bad : List.of(
                "::ffff:192.0.2.0/24",
                "10.0.0.0/",
                "10.0.0.0/8/8",
                "",
                "1.2.3",
                "1.2.3.4/33",
                "example.org",
                "::/129",
                "1.2.3.256")) {
            assertThatThrownBy(() -> CidrList.parse(bad)).hasMessageContaining("no network");
        }
    }

    private static boolean allows(IpAllowList list, String remote, String... forwarded) {
        return list.allows(new Handshake(
                PeerKind.CALLER, "/", null, null, remote, Map.of("x-forwarded-for", List.of(forwarded)), true));
    }
}
