package io.rtaa.steps;

import io.rtaa.call.AudioFormat;
import io.rtaa.call.AudioWindow;
import io.rtaa.call.TranscriptEvent.CallErased;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/**
 * Writes the audio of calls to WAV files: PCM of 16 bits, one channel, at the call's own rate. The file of a call is
 * {@code TENANT/INTERACTION-START.wav} in the directory, where {@code START} is the start of its socket in epoch
 * milliseconds: a call that goes on over another socket has a second file.
 *
 * <p>Each window is written to its own place and the file is whole after each: one that is missing is silence, one that
 * comes twice is there once, and nothing is open between two windows. So a call may stop at any time. What goes beyond
 * the four gigabytes of a WAV file is left out.
 *
 * <p>Of a {@link CallErased} it deletes the files of the call. Any other body passes. It blocks: it stands behind {@code
 * seda:}.
 *
 * <p>Thread-safety: windows of one call come from one thread at a time; calls and threads may be many.
 */
public final class WavRecorder implements Processor {

    private static final int HEADER_BYTES = 44;

    /** What the sizes of a WAV file can say. */
    private static final long MAX_AUDIO_BYTES = 0xFFFF_FFFFL - HEADER_BYTES;

    private static final String SUFFIX = ".wav";

    private static final Pattern RECORDING = Pattern.compile("(.+)-(\\d{1,18})\\.wav");

    private Path directory = Path.of("recordings");

    /** Sets where files are written; it is made when the first one is. {@code recordings} unless set. */
    public void setDirectory(String directory) {
        this.directory = Path.of(directory);
    }

    @Override
    public void process(Exchange exchange) throws IOException {
        Object body = exchange.getMessage().getBody();
        if (body instanceof AudioWindow window && window.samples() > 0) {
            write(window);
        } else if (body instanceof CallErased erased) {
            delete(erased);
        }
    }

    private void write(AudioWindow window) throws IOException {
        CallFileName name = CallFileName.of(window.stream());
        Path folder = directory.resolve(name.folder());
        Files.createDirectories(folder);
        long at = window.firstSample() * AudioFormat.BYTES_PER_SAMPLE;
        if (at + window.pcm().length > MAX_AUDIO_BYTES) {
            return;
        }
        Path file = folder.resolve(name.file(window.leg(), SUFFIX));
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long audioBytes = Math.max(channel.size() - HEADER_BYTES, at + window.pcm().length);
            writeAt(channel, HEADER_BYTES + at, ByteBuffer.wrap(window.pcm()));
            writeAt(channel, 0, header(audioBytes, window.sampleRate()));
        }
    }

    private static void writeAt(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes, position + bytes.position());
        }
    }

    /** As in Microsoft's <i>Multimedia Programming Interface and Data Specifications 1.0</i>. */
    private static ByteBuffer header(long audioBytes, int sampleRate) {
        return ByteBuffer.allocate(HEADER_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("RIFF".getBytes(StandardCharsets.US_ASCII))
                .putInt((int) (audioBytes + HEADER_BYTES - 8))
                .put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII))
                .putInt(16)
                .putShort((short) 1)
                .putShort((short) 1)
                .putInt(sampleRate)
                .putInt(sampleRate * AudioFormat.BYTES_PER_SAMPLE)
                .putShort((short) AudioFormat.BYTES_PER_SAMPLE)
                .putShort((short) (8 * AudioFormat.BYTES_PER_SAMPLE))
                .put("data".getBytes(StandardCharsets.US_ASCII))
                .putInt((int) audioBytes)
                .flip();
    }

    private void delete(CallErased erased) throws IOException {
        CallFileName name = CallFileName.of(erased.stream());
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve(name.folder()))) {
            for (Path file : files) {
                Matcher recording = RECORDING.matcher(file.getFileName().toString());
                if (recording.matches()
                        && recording.group(1).equals(name.call())
                        && Long.parseLong(recording.group(2)) <= erased.endedMillis()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (NoSuchFileException | NotDirectoryException e) {
            // Nothing of this tenant was recorded here.
        }
    }
}
