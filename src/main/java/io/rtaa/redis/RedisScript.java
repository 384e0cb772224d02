package io.rtaa.redis;

import io.lettuce.core.ScriptOutputType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;

/**
 * A script that Redis runs as one step. It is named by its digest, and sent whole where Redis does not know it: after a restart,
 * or {@code SCRIPT FLUSH}.
 *
 * <p>Thread-safety: does not change.
 */
final class RedisScript {

    private final String name;
    private final byte[] text;
    private final String digest;

    private RedisScript(String name, byte[] text) {
        this.name = name;
        this.text = text;
        try {
            digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }

    /** The script of this package with this name. */
    static RedisScript named(String name) {
        return new RedisScript(name, read(name));
    }

    /** One that needs a lease or acknowledges: it finds the functions for that before it. */
    static RedisScript acknowledging(String name) {
        byte[] functions = read("acknowledging");
        byte[] script = read(name);
        byte[] whole = new byte[functions.length + script.length];
        System.arraycopy(functions, 0, whole, 0, functions.length);
        System.arraycopy(script, 0, whole, functions.length, script.length);
        return new RedisScript(name, whole);
    }

    /** Runs it; fails with {@link RedisBusException} only. */
    <T> CompletableFuture<T> run(RedisLink link, ScriptOutputType answer, String[] keys, byte[]... arguments) {
        String what = "EVALSHA of script '" + name + "'";
        return link.<T>send(what, commands -> commands.evalsha(digest, answer, keys, arguments))
                .exceptionallyCompose(failure -> RedisFailures.isUnknownScript(failure)
                        ? link.send(
                                "EVAL of script '" + name + "'",
                                commands -> commands.eval(text, answer, keys, arguments))
                        : CompletableFuture.failedFuture(RedisFailures.unwrapped(failure)));
    }

    private static byte[] read(String name) {
        try (InputStream file = RedisScript.class.getResourceAsStream(name + ".lua")) {
            if (file == null) {
                throw new IllegalStateException("there is no script " + name + ".lua");
            }
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            file.transferTo(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("the script " + name + ".lua cannot be read", e);
        }
    }
}
