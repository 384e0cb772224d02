package io.rtaa.asr.deepgram;

import io.rtaa.routes.LogThrottle;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The API keys, in the order in which they are tried. Keys from a file change with the file, so that a key is rotated
 * without a restart. A file that cannot be read, or holds no key, leaves the keys as they were.
 *
 * <p>Thread-safety: safe. Only {@link #refresh} touches the file.
 */
public final class DeepgramKeys {

    /** A file is looked at no more often than this. */
    public static final Duration FILE_CHECK_INTERVAL = Duration.ofSeconds(1);

    /** A connection waits for the file no longer than this, and then goes on with the keys there are. */
    public static final Duration FILE_READ_PATIENCE = Duration.ofSeconds(2);

    /** The most bytes a key file may have. */
    public static final int MAX_FILE_BYTES = 64 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(DeepgramKeys.class);
    private static final Pattern SEPARATORS = Pattern.compile("[,\\s]+");
    private static final Pattern KEY = Pattern.compile("[!-~]+");

    /**
     * Reads all key files. A file system that hangs holds up nothing else; its queue holds one reading of each file.
     */
    private static final ExecutorService READER = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "deepgram-keys");
        thread.setDaemon(true);
        return thread;
    });

    private final @Nullable Path file;
    private final LongSupplier nanoTime;
    private final LogThrottle unusable = new LogThrottle();
    private Version current;
    private @Nullable FileVersion fileVersion;
    private long checkedAtNanos;
    /** The latest reading of the file, under way or done; null before the first. */
    private @Nullable CompletableFuture<Void> reading;

    private boolean late;

    private DeepgramKeys(List<Key> keys, @Nullable Path file, @Nullable FileVersion version, LongSupplier nanoTime) {
        this.current = new Version(0, keys);
        this.file = file;
        this.fileVersion = version;
        this.nanoTime = nanoTime;
        this.checkedAtNanos = nanoTime.getAsLong();
    }

    /**
     * Keys that stay as they are.
     *
     * @param text one key or several, separated by commas or lines
     * @throws IllegalArgumentException if there is none, or one is no key; the message holds none of it
     */
    public static DeepgramKeys of(String text) {
        return new DeepgramKeys(parse(text), null, null, System::nanoTime);
    }

    /**
     * Keys of a file, read again when it changes.
     *
     * @param file holds keys as in {@link #of}
     * @throws IllegalArgumentException if the file cannot be read or holds no keys; the message holds none of its text
     */
    public static DeepgramKeys ofFile(Path file) {
        return ofFile(file, System::nanoTime);
    }

    static DeepgramKeys ofFile(Path file, LongSupplier nanoTime) {
        try {
            FileVersion version = FileVersion.of(file);
            return new DeepgramKeys(parse(read(file)), file, version, nanoTime);
        } catch (IOException e) {
            throw new IllegalArgumentException("the key file " + file + " cannot be read ("
                    + e.getClass().getSimpleName() + "); allowed: a readable file of at most " + MAX_FILE_BYTES
                    + " bytes");
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the key file " + file + ": " + e.getMessage());
        }
    }

    /** The keys as they are now. */
    synchronized Version current() {
        return current;
    }

    /** Whether {@link #refresh} has something to do now. */
    synchronized boolean isRefreshDue() {
        return file != null && nanoTime.getAsLong() - checkedAtNanos >= FILE_CHECK_INTERVAL.toNanos();
    }

    /** Whether the keys come from a file and may therefore change. */
    boolean isFromFile() {
        return file != null;
    }

    /**
     * Reads the file again where it changed, on a thread of its own. All who ask meanwhile share one reading.
     *
     * @return completes within {@link #FILE_READ_PATIENCE}, on any thread, whatever came of it
     */
    CompletableFuture<Void> refreshSoon() {
        CompletableFuture<Void> current;
        synchronized (this) {
            if (reading == null || reading.isDone()) {
                reading = CompletableFuture.runAsync(this::refresh, READER);
            }
            current = reading;
        }
        return current.handle((done, failure) -> true)
                .completeOnTimeout(false, FILE_READ_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .thenAccept(this::isRead);
    }

    /** Says once that the file system hangs, until it has answered. */
    private synchronized void isRead(boolean inTime) {
        if (!inTime && !late) {
            LOG.atWarn().log("the deepgram key file {} is not read yet, the keys stay as they are meanwhile", file);
        }
        late = !inTime;
    }

    /** Reads the file again where it changed. Blocks on the disk, but nobody else while it does. */
    void refresh() {
        Path source = file;
        if (source == null) {
            return;
        }
        FileVersion known;
        synchronized (this) {
            checkedAtNanos = nanoTime.getAsLong();
            known = fileVersion;
        }
        try {
            FileVersion version = FileVersion.of(source);
            if (!version.equals(known)) {
                change(parse(read(source)), version);
            }
        } catch (IOException | IllegalArgumentException e) {
            // The version stays the old one, so that a file caught half-written is read again.
            unusable.atLevel(LOG, Level.WARN, nanoTime.getAsLong())
                    .log("the deepgram key file cannot be used, the keys stay as they were: {}", describe(e));
        }
    }

    private synchronized void change(List<Key> fresh, FileVersion version) {
        if (version.equals(fileVersion)) {
            return;
        }
        current = new Version(current.number() + 1, fresh);
        fileVersion = version;
        LOG.atInfo().addKeyValue("keys", fresh.size()).log("deepgram keys changed");
    }

    private static String describe(Exception e) {
        return e instanceof IllegalArgumentException
                ? String.valueOf(e.getMessage())
                : e.getClass().getSimpleName();
    }

    private static String read(Path file) throws IOException {
        if (Files.size(file) > MAX_FILE_BYTES) {
            throw new IllegalArgumentException("more than " + MAX_FILE_BYTES + " bytes; allowed: keys only");
        }
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static List<Key> parse(String text) {
        List<String> values = Arrays.stream(SEPARATORS.split(text.strip()))
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
        if (values.isEmpty()) {
            throw new IllegalArgumentException("no API key; allowed: one or more, separated by commas or lines");
        }
        Key[] keys = new Key[values.size()];
        for (int i = 0; i < keys.length; i++) {
            if (!KEY.matcher(values.get(i)).matches()) {
                throw new IllegalArgumentException(
                        "API key " + (i + 1) + " holds characters a key never has; allowed: printable ASCII");
            }
            keys[i] = new Key(values.get(i), i + 1);
        }
        return List.of(keys);
    }

    @Override
    public synchronized String toString() {
        return "DeepgramKeys[" + current.keys().size() + " keys]";
    }

    /**
     * The keys at a time.
     *
     * @param number counts the changes since the first
     * @param keys at least one
     */
    record Version(int number, List<Key> keys) {}

    /** One API key; shown by its place only. Two keys are equal where their texts are. */
    static final class Key {
        private final String value;
        private final int place;

        private Key(String value, int place) {
            this.value = value;
            this.place = place;
        }

        String authorization() {
            return "Token " + value;
        }

        /** The text with this key blacked out, should a peer have given it back. */
        String scrub(String text) {
            return text.replace(value, "[API key]");
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && value.equals(key.value);
        }

        @Override
        public int hashCode() {
            return value.hashCode();
        }

        @Override
        public String toString() {
            return "API key " + place;
        }
    }

    private record FileVersion(
            FileTime modified, long bytes, @Nullable Object inode) {
        static FileVersion of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileVersion(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey());
        }
    }
}
