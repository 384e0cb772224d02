package io.rtaa.call;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A set of networks in CIDR form, IPv4 and IPv6. An IPv4 address in its IPv6 form ({@code ::ffff:192.0.2.1}) counts as the
 * IPv4 address it is. Nothing here asks a name server.
 *
 * <p>Thread-safety: does not change.
 */
public final class CidrList {
    /** A set that holds no address. */
    public static final CidrList NONE = new CidrList(List.of());

    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
    // Starts as a literal must: otherwise InetAddress would take it for a name and ask for it.
    private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:][0-9a-fA-F:.]*");

    @SuppressWarnings("ArrayRecordComponent") // Asked, never compared.
    private record Network(byte[] address, int prefix) {
        boolean holds(byte[] other) {
            if (other.length != address.length) {
                return false;
            }
            for (int bit = 0; bit < prefix; bit += 8) {
                int mask = prefix - bit >= 8 ? 0xff : 0xff << (8 - (prefix - bit));
                if (((address[bit / 8] ^ other[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    private final List<Network> networks;

    private CidrList(List<Network> networks) {
        this.networks = networks;
    }

    /**
     * Reads networks or single addresses separated by commas.
     *
     * @throws IllegalArgumentException if one is neither; says which
     */
    public static CidrList parse(String list) {
        List<Network> networks = new ArrayList<>();
        for (String item : list.split(",", -1)) {
            networks.add(network(item.strip()));
        }
        return new CidrList(List.copyOf(networks));
    }

    private static Network network(String item) {
        int slash = item.indexOf('/');
        byte[] address = address(slash < 0 ? item : item.substring(0, slash));
        if (address != null) {
            int bits = address.length * 8;
            // A mapped network is written with IPv6's prefix and kept with IPv4's.
            int mapped = bits == 32 && item.contains(":") ? 96 : 0;
            String prefix = slash < 0 ? String.valueOf(bits + mapped) : item.substring(slash + 1);
            if (prefix.matches("\\d{1,3}")) {
                int length = Integer.parseInt(prefix) - mapped;
                if (length >= 0 && length <= bits) {
                    return new Network(address, length);
                }
            }
        }
        throw new IllegalArgumentException(
                "\"" + item + "\" is no network; allowed: CIDR such as 192.0.2.0/24 or 2001:db8::/32, or an address");
    }

    /** Whether the address, a literal, is in one of the networks; what is no address is in none. */
    public boolean contains(String address) {
        byte[] bytes = address(address);
        return bytes != null && networks.stream().anyMatch(network -> network.holds(bytes));
    }

    /** The bytes of an address literal, 4 where it is IPv4 in whatever form; null where it is none. */
    public static byte @Nullable [] address(String literal) {
        int zone = literal.indexOf('%');
        String bare = zone < 0 ? literal : literal.substring(0, zone);
        var ipv4 = IPV4.matcher(bare);
        if (ipv4.matches()) {
            byte[] bytes = new byte[4];
            for (int i = 0; i < 4; i++) {
                int octet = Integer.parseInt(ipv4.group(i + 1));
                if (octet > 255) {
                    return null;
                }
                bytes[i] = (byte) octet;
            }
            return bytes;
        }
        if (bare.indexOf(':') < 0 || !IPV6.matcher(bare).matches()) {
            return null;
        }
        try {
            return InetAddress.getByName(bare).getAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
