package io.rtaa.config;

import io.rtaa.audio.WindowLengths;
import io.rtaa.edge.security.PublicUrl;
import io.rtaa.routes.Tries;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * The settings of this process. The start checks them all and names every fault at once. They are declared here and in
 * the records of its parts.
 *
 * @param port the public listener's port; 0 takes a free one
 * @param bindAddress the address the public listener binds
 * @param publicUrl how the outside reaches the public listener; null where that is not set
 * @param tls TLS of the public listener; null for plain HTTP
 * @param management where operators look in
 * @param authOff whether every door is open on purpose
 * @param roles the parts of the service this process runs, at least one
 * @param routes extra route files as resource patterns; a route of theirs replaces a built-in one with the same id
 * @param maxCalls the most live calls; the next handshake is refused
 * @param drain how long a stopping ingest waits for its calls
 * @param bus what carries audio and transcripts between routes
 * @param redis the bus on Redis, used where a route names it
 * @param kafka the bus on Kafka, used where a route names it
 * @param callLostAfter how long nothing may come of a live call until the dashboard shows it as lost; zero for as long
 *     as it likes
 * @param asr who recognises
 * @param deepgram how Deepgram is reached; null where there is no key for it
 * @param windows how audio is cut
 * @param credentials who may come in
 * @param limits how much may come in
 * @param tracing where the spans of calls go; null where calls are not traced
 */
public record RtaaSettings(
        int port,
        String bindAddress,
        @Nullable PublicUrl publicUrl,
        @Nullable TlsSettings tls,
        ManagementSettings management,
        boolean authOff,
        Set<ServiceRole> roles,
        List<String> routes,
        int maxCalls,
        Duration drain,
        BusAdapter bus,
        RedisSettings redis,
        KafkaSettings kafka,
        Duration callLostAfter,
        AsrSettings asr,
        @Nullable DeepgramSettings deepgram,
        Windows windows,
        Credentials credentials,
        LimitSettings limits,
        @Nullable TracingSettings tracing) {

    static final int LAST_PORT = 65_535;

    /** What may be bound, in words. */
    static final String ADDRESSES = "an IP address of this machine, 0.0.0.0 or localhost";

    /** The longest a window may be, milliseconds: what a recogniser takes as one message. */
    private static final int LONGEST_WINDOW_MILLIS = 250;

    private static final int WINDOW_ROOM_MILLIS = WindowLengths.MIN_ROOM_MILLIS;

    /** An hour and more: the longest call. */
    private static final int LONGEST_DRAIN_SECONDS = 7200;

    private static final int MOST_CALLS = 100_000;

    /** More tries than this are no limit. */
    private static final int MOST_TRIES = 1_000_000;

    static final Setting<Integer> PORT = Setting.number(
                    "rtaa.port",
                    0,
                    LAST_PORT,
                    "Port of the public listener: websockets, page, API, health; 0 takes a free one")
            .variable("PORT")
            .otherwise(8080)
            .isAlwaysLogged()
            .build();
    static final Setting<String> BIND_ADDRESS = Setting.text("rtaa.bind-address", "Address the public listener binds")
            .variable("BIND_ADDRESS")
            .otherwiseInWords("127.0.0.1 while a door has no credential, else 0.0.0.0")
            .build();
    private static final Setting<PublicUrl> PUBLIC_URL = Setting.parsed(
                    "rtaa.public-url",
                    PublicUrl::parse,
                    "How browsers reach the public listener, https://HOST[:PORT][/PATH]; only its pages may connect then")
            .variable("PUBLIC_URL")
            .build();
    private static final Setting<String> AUTH = Setting.word(
                    "rtaa.auth", List.of("on", "none"), "none opens every door on purpose, wherever bound")
            .otherwise("on")
            .isAlwaysLogged()
            .build();
    private static final Setting<List<String>> ROLES = Setting.list(
                    "rtaa.roles", "Which route sets this process runs: ingest, asr, dashboard")
            .otherwise("ingest,asr,dashboard")
            .isAlwaysLogged()
            .build();
    private static final Setting<List<String>> ROUTES = Setting.list(
                    "rtaa.routes", "Route files of your own: files, folders with their subfolders, or patterns")
            .build();
    static final Setting<Integer> MAX_CALLS = Setting.number(
                    "rtaa.max-calls", 1, MOST_CALLS, "Most live calls; the next handshake is answered with 503")
            .variable("MAX_CALLS")
            .otherwise(2000)
            .isAlwaysLogged()
            .build();
    private static final Setting<Integer> DRAIN_SECONDS = Setting.number(
                    "rtaa.drain-seconds",
                    0,
                    LONGEST_DRAIN_SECONDS,
                    "How long a stopping process waits for its calls; not for demo calls")
            .variable("DRAIN_SECONDS")
            .otherwise(300)
            .build();
    private static final Setting<String> ADAPTER = Setting.text(
                    "rtaa.bus.adapter", "Which bus carries calls: memory, or redis or kafka between processes")
            .variable("PUBSUB_ADAPTER")
            .otherwise("memory")
            .isAlwaysLogged()
            .build();
    private static final Setting<String> AUDIO = Setting.text(
                    "rtaa.bus.audio", "Address of a route's that carries audio from ingest to asr")
            .otherwiseByTheBus("that of the bus")
            .build();
    /** Placeholders of routes, which need no check. */
    private static final Setting<String> TRANSCRIPTS = Setting.text(
                    "rtaa.bus.transcripts", "Address of a route's that carries transcript events")
            .otherwiseByTheBus("that of the bus")
            .build();

    private static final Setting<String> DASHBOARD = Setting.text(
                    "rtaa.bus.dashboard", "Address of a route's from which the dashboard reads transcript events")
            .otherwiseByTheBus("that of the bus")
            .build();
    private static final Setting<Integer> CALL_LOST_AFTER = Setting.number(
                    "rtaa.dashboard.lost-after-seconds",
                    0,
                    AsrSettings.LONGEST_OF_THE_BUS_SECONDS,
                    "How long nothing may come of a live call until the dashboard shows it as lost; 0 is never")
            .otherwiseByTheBus("0 in memory, else 120")
            .build();
    private static final Setting<Integer> WINDOW_MIN = Setting.number(
                    "rtaa.windows.min-ms",
                    WINDOW_ROOM_MILLIS,
                    LONGEST_WINDOW_MILLIS - WINDOW_ROOM_MILLIS,
                    "A window of audio closes once it holds this much")
            .variable("WINDOW_MIN_MS")
            .otherwise(100)
            .build();
    private static final Setting<Integer> WINDOW_MAX = Setting.number(
                    "rtaa.windows.max-ms",
                    2 * WINDOW_ROOM_MILLIS,
                    LONGEST_WINDOW_MILLIS,
                    "A window of audio closes this long after its first frame at the latest, and holds no more")
            .variable("WINDOW_MAX_MS")
            .otherwise(200)
            .build();
    private static final Setting<Integer> MAX_TRIES = Setting.number(
                    "rtaa.steps.max-tries",
                    1,
                    MOST_TRIES,
                    "How often a step is tried on one event if nothing says that the failure is an outage")
            .otherwise(Tries.DEFAULT_MOST)
            .build();

    /** In force before the settings are checked: a wrong one is told in readable lines. */
    static final Setting<String> LOG_FORMAT = Setting.word(
                    "rtaa.log-format",
                    List.of("readable", "ecs"),
                    "How the log is written: readable lines, or an object of JSON a line with the fields of Elastic's ECS")
            .otherwise("readable")
            .build();

    /** All that are read here. */
    static final List<Setting<?>> DECLARED = List.of(
            PORT,
            BIND_ADDRESS,
            PUBLIC_URL,
            AUTH,
            ROLES,
            ROUTES,
            MAX_CALLS,
            DRAIN_SECONDS,
            ADAPTER,
            AUDIO,
            TRANSCRIPTS,
            DASHBOARD,
            CALL_LOST_AFTER,
            WINDOW_MIN,
            WINDOW_MAX,
            MAX_TRIES,
            LOG_FORMAT);

    private static final String TEMP_FOLDER = "java.io.tmpdir";

    public RtaaSettings {
        roles = Set.copyOf(roles);
        routes = List.copyOf(routes);
    }

    /**
     * How audio is cut.
     *
     * @param min a window closes once it holds so much audio
     * @param max a window closes so long after its first frame at the latest, and holds no more audio than that
     */
    public record Windows(Duration min, Duration max) {}

    /**
     * Reads and checks every setting.
     *
     * @throws SettingsException naming every fault at once
     */
    public static RtaaSettings read(ConfigurableEnvironment environment) {
        SettingsReader reader = new SettingsReader(environment);
        requireTempFolder(reader, environment);
        ListenerProperties.check(reader, environment);
        int port = reader.get(PORT);
        ManagementSettings management = ManagementSettings.read(reader, PORT, port);
        boolean authOff = reader.get(AUTH).equals("none");
        Set<ServiceRole> roles = roles(reader);
        int maxCalls = reader.get(MAX_CALLS);
        int drainSeconds = reader.get(DRAIN_SECONDS);
        BusAdapter bus = BusAdapter.read(reader, ADAPTER);
        requireReader(reader, roles);
        RedisSettings redis = RedisSettings.read(reader);
        KafkaSettings kafka = KafkaSettings.read(reader);
        DeepgramSettings deepgram = DeepgramSettings.read(reader);
        AsrSettings asr = AsrSettings.read(reader, DeepgramSettings.hasKey(reader));
        Windows windows = windows(reader);
        // Read by routes and their policies, which are made later and could only say that something is wrong.
        reader.get(MAX_TRIES);
        reader.get(LOG_FORMAT);
        RouteSettings.DECLARED.forEach(reader::find);
        Credentials credentials = Credentials.read(reader);
        Duration callLostAfter = AsrSettings.secondsOfTheBus(reader, CALL_LOST_AFTER);
        requireKeepAlivesInTime(reader, asr.keepAliveAfter(), callLostAfter);
        RtaaSettings settings = new RtaaSettings(
                port,
                bindAddress(reader, authOff, roles, credentials),
                reader.find(PUBLIC_URL),
                TlsSettings.read(reader),
                management,
                authOff,
                roles,
                reader.list(ROUTES),
                maxCalls,
                Duration.ofSeconds(drainSeconds),
                bus,
                redis,
                kafka,
                callLostAfter,
                asr,
                deepgram,
                windows,
                credentials,
                LimitSettings.read(reader),
                TracingSettings.read(reader));
        reader.throwIfFaulty();
        return settings;
    }

    /** Whether anybody may come in through a door: on purpose, or because it has no credential (and so is bound to loopback). */
    public boolean isOpen(Door door) {
        return authOff || !credentials.guards(door);
    }

    public boolean has(ServiceRole role) {
        return roles.contains(role);
    }

    /** Tomcat and Vert.x each keep a folder there, and would end the start with a stack trace. */
    private static void requireTempFolder(SettingsReader reader, ConfigurableEnvironment environment) {
        String folder = environment.getRequiredProperty(TEMP_FOLDER);
        try {
            Files.delete(Files.createTempFile(Path.of(folder), "rtaa", null));
        } catch (IOException e) {
            reader.fault(TEMP_FOLDER + " is '" + folder + "', where this process cannot write; allowed: a folder it can"
                    + " write to, as with -D" + TEMP_FOLDER + "=/var/tmp, or in a container an emptyDir or a tmpfs at "
                    + folder);
        }
    }

    private static Set<ServiceRole> roles(SettingsReader reader) {
        Set<ServiceRole> roles = EnumSet.noneOf(ServiceRole.class);
        for (String name : reader.list(ROLES)) {
            Arrays.stream(ServiceRole.values())
                    .filter(role -> role.settingName().equalsIgnoreCase(name))
                    .findFirst()
                    .ifPresentOrElse(roles::add, () -> reader.fault(ROLES, name, "ingest, asr, dashboard"));
        }
        if (roles.isEmpty() && !reader.isWrong(ROLES)) {
            reader.fault(ROLES, reader.text(ROLES), "one or more of ingest, asr, dashboard, separated by commas");
        }
        if (roles.isEmpty()) {
            roles.add(ServiceRole.ASR);
        }
        return roles;
    }

    /** Audio that stays in a process where nobody reads it would be kept until there is no more room, and lost. */
    private static void requireReader(SettingsReader reader, Set<ServiceRole> roles) {
        String audio = reader.text(AUDIO);
        if (!reader.isWrong(ROLES)
                && roles.contains(ServiceRole.INGEST)
                && !roles.contains(ServiceRole.ASR)
                && audio != null
                && audio.startsWith("direct:")) {
            reader.fault(reader.name(ROLES) + " has ingest without asr, but audio stays in this process (" + audio
                    + "); allowed: both roles, or PUBSUB_ADAPTER=redis or kafka");
        }
    }

    /** Calls on hold that are well are shown as lost if keep-alives come late, or one that is missed is too many. */
    private static void requireKeepAlivesInTime(SettingsReader reader, Duration keepAliveAfter, Duration lostAfter) {
        if (reader.isWrong(CALL_LOST_AFTER)
                || reader.isWrong(AsrSettings.KEEP_ALIVE)
                || reader.isWrong(RouteSettings.LOOK_FOR_QUIET)) {
            return;
        }
        Duration late = keepAliveAfter.plus(RouteSettings.lookForQuiet(reader)).multipliedBy(2);
        long least = late.plusMillis(999).toSeconds();
        if (lostAfter.isZero() || (!keepAliveAfter.isZero() && lostAfter.toSeconds() >= least)) {
            return;
        }
        String allowed = keepAliveAfter.isZero()
                ? "keep-alives of calls on hold, every 30 s for example"
                : "at least " + least + " until a call is lost, so that a keep-alive may be missed";
        reader.fault(reader.name(CALL_LOST_AFTER) + " is " + lostAfter.toSeconds() + " and "
                + reader.name(AsrSettings.KEEP_ALIVE) + " is " + keepAliveAfter.toSeconds() + "; allowed: " + allowed
                + ", or 0, with which no call is lost; both are set alike in workers and dashboards");
    }

    private static Windows windows(SettingsReader reader) {
        int min = reader.get(WINDOW_MIN);
        int max = reader.get(WINDOW_MAX);
        if (max < min + WINDOW_ROOM_MILLIS) {
            reader.fault(reader.name(WINDOW_MAX) + " is " + max + " and " + reader.name(WINDOW_MIN) + " is " + min
                    + "; allowed: a maximum at least " + WINDOW_ROOM_MILLIS + " above the minimum");
        }
        return new Windows(Duration.ofMillis(min), Duration.ofMillis(max));
    }

    private static String bindAddress(
            SettingsReader reader, boolean authOff, Set<ServiceRole> roles, Credentials credentials) {
        List<Door> unguarded = roles.stream()
                .flatMap(role -> role.doors().stream())
                .filter(door -> !credentials.guards(door))
                .sorted()
                .toList();
        String asked = reader.text(BIND_ADDRESS);
        if (asked == null) {
            return unguarded.isEmpty() ? "0.0.0.0" : "127.0.0.1";
        }
        Boolean loopback = isLoopback(asked);
        if (loopback == null) {
            reader.fault(BIND_ADDRESS, asked, ADDRESSES);
        } else if (!loopback && !authOff && !unguarded.isEmpty()) {
            for (Door door : unguarded) {
                reader.fault(reader.name(BIND_ADDRESS) + " is '" + asked + "', but " + door.address()
                        + " has no credential; allowed: set " + door.credential()
                        + ", or bind 127.0.0.1, or open every door on purpose with RTAA_AUTH=none");
            }
        }
        return asked;
    }

    /** Null where the text is no address; names other than localhost are not looked up. */
    static @Nullable Boolean isLoopback(String address) {
        if (address.toLowerCase(Locale.ROOT).equals("localhost")) {
            return true;
        }
        if (!address.matches("[0-9.]+|[0-9a-fA-F:.%a-zA-Z]*:[0-9a-fA-F:.%a-zA-Z]*")) {
            return null;
        }
        try {
            return InetAddress.getByName(address).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return null;
        }
    }
}
