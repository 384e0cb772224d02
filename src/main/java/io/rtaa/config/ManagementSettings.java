package io.rtaa.config;

import io.rtaa.config.SettingsReader.Setting;

/**
 * Where operators look in. Nobody is asked for a credential there, so it is never to be reached from outside.
 *
 * @param port the management listener's port; 0 takes a free one
 * @param address the address it binds
 */
public record ManagementSettings(int port, String address) {

    static final Setting PORT = Setting.open("MANAGEMENT_PORT", "rtaa.management.port");
    static final Setting ADDRESS = Setting.open("MANAGEMENT_ADDRESS", "rtaa.management.address");

    private static final String LOOPBACK = "127.0.0.1";

    /**
     * @param publicSetting the setting of the public listener's port
     * @param publicPort that port, which cannot be shared
     */
    static ManagementSettings read(SettingsReader reader, Setting publicSetting, int publicPort) {
        int port = reader.integer(PORT, 0, RtaaSettings.LAST_PORT);
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
