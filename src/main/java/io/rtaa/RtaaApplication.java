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
        SpringApplication.run(RtaaApplication.class, arguments);
    }
}
