package io.rtaa.config;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.camel.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Logs at the start, in one line, which settings are in force: those that matter in any case, and all that are not at their
 * default. A secret is shown as {@value #MASK}, and so are user and password in an address.
 *
 * <p>Thread-safety: stateless.
 */
final class ConfigurationLog {

    /** What stands in the place of a secret. */
    static final String MASK = "***";

    /** As many characters of a value as are logged. */
    static final int MAX_VALUE_CHARS = 200;

    private static final Logger LOG = LoggerFactory.getLogger(ConfigurationLog.class);

    /** From the slashes of an address to its last at sign; encoded too, as an address may be a parameter of another one. */
    private static final Pattern USER_INFO = Pattern.compile("(//|%2[fF]%2[fF])\\S*(@|%40)");

    /** Line breaks and whatever else is no text, and the quotes in which the log puts values. */
    private static final Pattern NO_TEXT = Pattern.compile("[\\p{C}\\u2028\\u2029\"]+");

    private ConfigurationLog() {}

    /** @param settings as they were read from the environment */
    static void write(RtaaSettings settings, ConfigurableEnvironment environment) {
        LoggingEventBuilder line = LOG.atInfo();
        for (Map.Entry<String, String> shown : inForce(settings, environment).entrySet()) {
            line = line.addKeyValue(shown.getKey(), shown.getValue());
        }
        line.log("Configuration");
        if (settings.authOff() && !Boolean.TRUE.equals(RtaaSettings.isLoopback(settings.bindAddress()))) {
            LOG.warn(
                    "RTAA_AUTH is none and BIND_ADDRESS {}: everybody who can connect may call, read and erase, and"
                            + " credentials that are set count for nothing",
                    settings.bindAddress());
        }
    }

    /** What is logged, by variable. */
    static Map<String, String> inForce(RtaaSettings settings, ConfigurableEnvironment environment) {
        SettingsReader reader = new SettingsReader(environment);
        Map<String, String> shown = new LinkedHashMap<>();
        for (Setting<?> setting : SettingsFiles.declarations()) {
            if (setting.equals(RtaaSettings.BIND_ADDRESS)) {
                shown.put(setting.variable(), shown(settings.bindAddress()));
                continue;
            }
            String text = environment.getProperty(setting.property(), "").strip();
            boolean changed = !text.isEmpty() && reader.isSet(setting) && !text.equals(setting.defaultText());
            if (changed || (setting.alwaysLogged() && !setting.secret())) {
                shown.put(setting.variable(), setting.secret() ? MASK : shown(text));
            }
        }
        DeepgramSettings deepgram = settings.deepgram();
        if (deepgram != null) {
            deepgram.surroundings(reader).forEach((name, value) -> shown.put(name, shown(withoutUser(value))));
        }
        shown.put("tls", settings.tls() == null ? "off" : "on");
        shown.put("auth", auth(settings));
        return shown;
    }

    /** A proxy may be written without a scheme, so that nothing but its at sign tells of user and password. */
    private static String withoutUser(String proxy) {
        int at = proxy.lastIndexOf('@');
        int scheme = proxy.indexOf("://");
        return at < 0 ? proxy : (scheme < 0 ? "" : proxy.substring(0, scheme + 3)) + MASK + proxy.substring(at);
    }

    /** What each built-in endpoint of this process asks its callers for. */
    private static String auth(RtaaSettings settings) {
        List<Door> doors = settings.roles().stream()
                .sorted(Comparator.naturalOrder())
                .flatMap(role -> role.doors().stream())
                .toList();
        return doors.isEmpty()
                ? "no endpoints"
                : doors.stream()
                        .map(door -> door.address() + " " + asked(door, settings))
                        .collect(Collectors.joining(", "));
    }

    private static String asked(Door door, RtaaSettings settings) {
        if (settings.isOpen(door)) {
            return "open";
        }
        Credentials credentials = settings.credentials();
        boolean basic = door == Door.EXOTEL && credentials.exotelBasic() != null;
        if (credentials.jwt() == null) {
            return "Basic";
        }
        return basic ? "Basic or token" : "token";
    }

    /** A value without what is secret in it, on one line and not too long. */
    static String shown(String value) {
        // Camel knows the options of endpoints that hold secrets; addresses of the bus may have some.
        String masked = USER_INFO.matcher(URISupport.sanitizeUri(value)).replaceAll("$1" + MASK + "$2");
        String text = NO_TEXT.matcher(masked).replaceAll(" ").strip();
        if (text.length() <= MAX_VALUE_CHARS) {
            return text;
        }
        int end = Character.isHighSurrogate(text.charAt(MAX_VALUE_CHARS - 1)) ? MAX_VALUE_CHARS - 1 : MAX_VALUE_CHARS;
        return text.substring(0, end) + "…";
    }
}
