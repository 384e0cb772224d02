package io.rtaa.cli;

import io.rtaa.routes.RouteFault;
import io.rtaa.routes.RouteFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks route files without starting them. */
@Command(
        name = "validate",
        mixinStandardHelpOptions = true,
        description = {
            "Checks the *.camel.yaml files of directories against the schema of the YAML DSL, and loads them without"
                    + " starting them. Prints file:line: reason for each fault; exit code 1 on any.",
            "It cannot know the beans of the service, the values of placeholders, or the options of websocket:, asr:,"
                    + " redis-streams: and of endpoints whose address is a placeholder: those are taken on trust."
        })
final class ValidateCommand implements Callable<Integer> {
    private static final String SUFFIX = ".camel.yaml";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "DIR", description = "Directories or files; none: the built-in routes.")
    private List<Path> places = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        List<RouteFile> files = places.isEmpty() ? BuiltInRoutes.all() : find();
        if (files.isEmpty()) {
            spec.commandLine().getErr().println("no *" + SUFFIX + " file found");
            return RtaaCommand.FAILED;
        }
        List<RouteFault> faults = new RouteValidator().validate(files);
        PrintWriter out = spec.commandLine().getOut();
        faults.forEach(out::println);
        if (faults.isEmpty()) {
            out.println(files.size() + (files.size() == 1 ? " file is" : " files are") + " fine");
        }
        return faults.isEmpty() ? 0 : RtaaCommand.FAILED;
    }

    private List<RouteFile> find() throws IOException {
        List<RouteFile> files = new ArrayList<>();
        for (Path place : places) {
            if (!Files.exists(place)) {
                throw new ParameterException(spec.commandLine(), place + " does not exist");
            }
            try (Stream<Path> found = Files.walk(place)) {
                for (Path file : found.filter(
                                path -> path.equals(place) || path.toString().endsWith(SUFFIX))
                        .filter(Files::isRegularFile)
                        .sorted()
                        .toList()) {
                    files.add(new RouteFile(file.toString(), Files.readString(file)));
                }
            }
        }
        return files;
    }
}
