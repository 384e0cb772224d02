package io.rtaa.config;

import io.rtaa.call.Role;
import io.rtaa.management.Login;
import io.rtaa.management.Logins;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where operators look in, and who they are.
 *
 * @param port the management listener's port; 0 takes a free one
 * @param address the address it binds
 * @param user the admin's name
 * @param admin the admin's login; null where no password is set
 * @param passwordFile the file the password is in; null where it is set by its text, or not at all
 * @param viewers the logins that may look only
 * @param viewersFile the file they are in; null where they are set by text, or not at all
 * @param isAllClosed whether metrics and health ask for a login too
 */
public record ManagementSettings(
        int port,
        String address,
        String user,
        @Nullable Login admin,
        @Nullable Path passwordFile,
        List<Login> viewers,
        @Nullable Path viewersFile,
        boolean isAllClosed) {

    private static final String LOOPBACK = "127.0.0.1";
    private static final String DEFAULT_USER = "rtaa";
    private static final String ALL = "all";

    static final Setting<Integer> PORT = Setting.number(
                    "rtaa.management.port",
                    0,
                    RtaaSettings.LAST_PORT,
                    "Port of the management listener: metrics, health in detail, Hawtio; 0 takes a free one")
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
    private static final Setting<String> USER = Setting.text(
                    "rtaa.management.user", "Name of the operator who may do everything that Hawtio offers")
            .variable("MANAGEMENT_USER")
            .otherwise(DEFAULT_USER)
            .build();
    static final Setting<String> PASSWORD = Setting.text("rtaa.management.password", "That operator's password")
            .variable("MANAGEMENT_PASSWORD")
            .isSecret()
            .otherwiseInWords("random while MANAGEMENT_ADDRESS is loopback, else Hawtio is off")
            .build();
    static final Setting<List<Login>> VIEWERS = Setting.parsed(
                    "rtaa.management.viewers",
                    Logins::parseViewers,
                    "USER:PASSWORD of operators who may look only, several separated by commas or lines")
            .variable("MANAGEMENT_VIEWERS")
            .isSecret()
            .build();
    private static final Setting<String> AUTH = Setting.word(
                    "rtaa.management.auth",
                    List.of("operations", ALL),
                    "all has metrics and health of the management listener ask for a login too")
            .variable("MANAGEMENT_AUTH")
            .otherwise("operations")
            .build();

    /** All that are read here. */
    static final List<Setting<?>> DECLARED = List.of(PORT, ADDRESS, USER, PASSWORD, VIEWERS, AUTH);

    public ManagementSettings {
        viewers = List.copyOf(viewers);
    }

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
        String user = Objects.requireNonNullElse(reader.text(USER), DEFAULT_USER);
        String password = reader.text(PASSWORD);
        List<Login> viewers = Objects.requireNonNullElse(reader.find(VIEWERS), List.of());
        if (viewers.stream().anyMatch(viewer -> viewer.getName().equals(user))) {
            reader.fault(reader.name(VIEWERS) + " has the user of " + reader.name(USER)
                    + "; allowed: other users than the one who may do everything");
        }
        boolean allClosed = reader.get(AUTH).equals(ALL);
        if (!reader.isGiven(PASSWORD) && !isLoopback(address)) {
            // Both would do nothing, unseen.
            if (allClosed) {
                reader.fault(needsPassword(reader, AUTH));
            }
            if (reader.isGiven(VIEWERS)) {
                reader.fault(needsPassword(reader, VIEWERS));
            }
        }
        return new ManagementSettings(
                port,
                address,
                user,
                password == null ? null : new Login(user, password, Role.ADMIN),
                reader.file(PASSWORD),
                viewers,
                reader.file(VIEWERS),
                allClosed);
    }

    private static String needsPassword(SettingsReader reader, Setting<?> setting) {
        return reader.name(setting) + " is set and " + PASSWORD.variable()
                + " is not, while the management listener is not bound to loopback; allowed: a password";
    }

    private static boolean isLoopback(String address) {
        return Boolean.TRUE.equals(RtaaSettings.isLoopback(address));
    }

    /** Whether operators may log in: with the password that is set, or a random one on loopback. */
    boolean hasLogins() {
        return admin != null || isLoopback(address);
    }
}
