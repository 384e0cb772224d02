package io.rtaa.config;

import java.util.List;

/**
 * Where operators look in. Nobody is asked for a credential there, so it is never to be reached from outside.
 *
 * @param port the management listener's port; 0 takes a free one
 * @param address the address it binds
 */
public record ManagementSettings(int port, String address) {

    private static final String LOOPBACK = "127.0.0.1";

    static final Setting<Integer> PORT = Setting.number(
                    "rtaa.management.port",
                    0,
                    RtaaSettings.LAST_PORT,
                    "Port of the management listener, which asks for no credential; 0 takes a free one")
            .variable("MANAGEMENT_PORT")
            .otherwise(8081)
            .isAlwaysLogged()
            .build();
    static final Setting<String> ADDRESS = Setting.text(
                    "rtaa.management.address", "Address the management listener binds")
            .variable("MANAGEMENT_ADDRESS")
            .otherwise(LOOPBACK)
            .isAlwaysLogged()
            .build();

    /** All that are read here. */
    static final List<Setting<?>> DECLARED = List.of(PORT, ADDRESS);

    /**
     * @param publicSetting the setting of the public listener's port
     * @param publicPort that port, which cannot be shared
     */
    static ManagementSettings read(SettingsReader reader, Setting<Integer> publicSetting, int publicPort) {
        int port = reader.get(PORT);
        if (port != 0 && port == publicPort) {
            reader.fault(reader.name(PORT) + " is " + port + ", and so is " + reader.name(publicSetting)
                    + "; allowed: another port, or 0 for a free one");
        }
        String asked = reader.text(ADDRESS);
        String address = asked == null ? LOOPBACK : asked;
        if (RtaaSettings.isLoopback(address) == null) {
            reader.fault(ADDRESS, address, RtaaSettings.ADDRESSES);
        }
        return new ManagementSettings(port, address);
    }
}
