package io.rtaa.cli;

import io.rtaa.routes.RouteFault;
import io.rtaa.routes.RouteFile;
import io.rtaa.routes.RouteFileFinder;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
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
                    + " starting them. Prints file:line: reason for each fault; exit code 1 on any. A warning, such as"
                    + " of a parameter that no known version of Deepgram has, is printed too and is no fault.",
            "It cannot know the beans of the service, the values of placeholders, or the options of endpoints whose"
                    + " address is a placeholder: those are taken on trust."
        })
final class ValidateCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "DIR",
            description = {
                "Files, directories with all their subdirectories, or patterns (* ? **), as in RTAA_ROUTES.",
                "None: the built-in routes."
            })
    private List<String> places = new ArrayList<>();

    @Override
    public Integer call() throws IOException {
        List<String> empty = new ArrayList<>();
        List<RouteFile> files = places.isEmpty() ? BuiltInRoutes.all() : find(empty);
        empty.forEach(place ->
                spec.commandLine().getErr().println(place + ": no *" + RouteFileFinder.SUFFIX + " file found"));
        if (!empty.isEmpty()) {
            return RtaaCommand.FAILED;
        }
        RouteValidator validator = new RouteValidator();
        List<RouteFault> faults = validator.validate(files);
        List<String> warnings = validator.warnings();
        PrintWriter out = spec.commandLine().getOut();
        faults.forEach(out::println);
        warnings.forEach(out::println);
        if (faults.isEmpty()) {
            out.println(files.size() + (files.size() == 1 ? " file is" : " files are") + " fine"
                    + (warnings.isEmpty() ? "" : ", warnings: " + warnings.size()));
        }
        return faults.isEmpty() ? 0 : RtaaCommand.FAILED;
    }

    private List<RouteFile> find(List<String> empty) throws IOException {
        for (String place : places) {
            if (!RouteFileFinder.exists(place)) {
                throw new ParameterException(spec.commandLine(), place + " does not exist");
            }
        }
        return RouteFileFinder.find(places, empty::add);
    }
}
