package io.rtaa.edge.limits;

import io.rtaa.call.CidrList;
import java.util.HexFormat;

/** What an address is counted as: an IPv6 network of 64 bits is one, as whoever has an address there has all of them. */
final class AddressKey {

    private static final int NETWORK_BYTES = 8;
    private static final int MAX_LENGTH = 64;

    private AddressKey() {}

    /** @param address of any form; what is none counts as what it is, cut to a length that no address has */
    static String of(String address) {
        byte[] bytes = CidrList.address(address);
        if (bytes == null) {
            return address.substring(0, Math.min(MAX_LENGTH, address.length()));
        }
        return bytes.length > NETWORK_BYTES
                ? HexFormat.of().formatHex(bytes, 0, NETWORK_BYTES) + "/64"
                : HexFormat.of().formatHex(bytes);
    }
}
