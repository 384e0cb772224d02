package io.rtaa.bench.machine;

import io.rtaa.testsupport.JavaCommand;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A process of the load that takes orders, as {@link io.rtaa.bench.load.Orders} says. What it logs goes to a file.
 *
 * <p>Thread-safety: one order at a time.
 */
public final class LoadProcess implements AutoCloseable {

    /** Live data is small; more room would only make pauses rarer and longer. */
    private static final JavaCommand JVM = JavaCommand.with("-Xmx512m", "-XX:+UseSerialGC");

    private final String name;
    private final Process process;
    private final PrintStream orders;
    private final BufferedReader answers;

    /**
     * Starts it and waits until it is ready.
     *
     * @param name what it is called, also in file names
     */
    public LoadProcess(String name, Path directory, Class<?> main, String... arguments) throws IOException {
        this.name = name;
        process = new ProcessBuilder(JVM.main(main, arguments))
                .redirectError(ProcessBuilder.Redirect.appendTo(
                        directory.resolve(name + ".log").toFile()))
                .start();
        orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        answer(answers.readLine());
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    /**
     * Gives an order and waits for the answer.
     *
     * @throws IllegalStateException if the process could not carry it out, or is gone
     */
    public JsonObject order(String order, JsonObject arguments) {
        orders.println(arguments.copy().put("order", order).encode());
        try {
            return answer(answers.readLine());
        } catch (IOException e) {
            throw new IllegalStateException(name + " is gone", e);
        }
    }

    private JsonObject answer(@Nullable String line) {
        if (line == null) {
            throw new IllegalStateException(name + " ended; its log says why");
        }
        JsonObject answer = new JsonObject(line);
        if (answer.containsKey("fault")) {
            throw new IllegalStateException(name + " failed at " + answer.getString("fault"));
        }
        return answer;
    }

    @Override
    public void close() {
        // Its input ends, and so does it; should it not, the operating system sees to that.
        orders.close();
        process.destroy();
    }
}
