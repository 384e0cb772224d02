package io.rtaa.bench.load;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * How the benchmark's driver talks with a process of the load: an order is a line of JSON on standard input, {@code
 * {"order": …, arguments}}; its answer is a line of JSON on standard output, {@code {"fault": …}} where it failed. The
 * first line of output, an empty object, says that the process is ready. When the input ends, so does the process: it
 * never outlives its driver.
 */
public final class Orders {

    /** One kind of order; may block. */
    @FunctionalInterface
    interface Order {
        JsonObject carryOut(JsonObject arguments) throws Exception;
    }

    private Orders() {}

    /**
     * Starts, carries out orders until there are no more, and ends the process: with 1 where it could not start, so
     * that its driver does not wait for it.
     *
     * @param start starts what there is to start; gives the orders it takes, by name
     */
    static void serve(Callable<Map<String, Order>> start) {
        try {
            serve(start.call());
            System.exit(0);
        } catch (Exception e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void serve(Map<String, Order> orders) throws IOException {
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        answers.println("{}");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            answers.println(answer(new JsonObject(line), orders).encode());
        }
    }

    private static JsonObject answer(JsonObject arguments, Map<String, Order> orders) {
        String name = arguments.getString("order");
        Order order = orders.get(name);
        if (order == null) {
            return new JsonObject().put("fault", "no order '" + name + "'; allowed: " + orders.keySet());
        }
        try {
            return order.carryOut(arguments);
        } catch (Exception e) {
            return new JsonObject().put("fault", name + ": " + e);
        }
    }
}
