package io.rtaa;

import io.rtaa.cli.RtaaCommand;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** The process: a command where one is named, else the service. */
@SpringBootApplication(proxyBeanMethods = false)
public class RtaaApplication {

    public static void main(String[] arguments) {
        if (RtaaCommand.isCommand(arguments)) {
            System.exit(RtaaCommand.run(arguments));
        }
        // A client of TLS 1.2 that renegotiates without end costs the server many times what it costs the client.
        // Java reads this with the first handshake of the process.
        System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
        try {
            SpringApplication.run(RtaaApplication.class, arguments);
        } catch (RuntimeException e) {
            // Spring Boot has said what is wrong. A thread of a library must not keep a process alive that serves
            // nobody.
            System.exit(RtaaCommand.FAILED);
        }
    }
}
