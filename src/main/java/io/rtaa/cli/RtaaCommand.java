package io.rtaa.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The commands of the jar; without one of them the jar starts the service. */
@Command(
        name = "rtaa",
        mixinStandardHelpOptions = true,
        versionProvider = RtaaCommand.Version.class,
        description = "Live phone calls become live transcripts. Without a command, the service starts.",
        synopsisSubcommandLabel = "[COMMAND]",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:fine", "1:the thing failed", "2:wrong usage"},
        subcommands = {CallCommand.class, ValidateCommand.class, TokenCommand.class})
public final class RtaaCommand {
    /** The exit code of a command, or of a start, that failed. */
    public static final int FAILED = 1;

    private static final List<String> COMMAND_OPTIONS = List.of("-h", "--help", "-V", "--version");

    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            // Only the packaged jar knows its version.
            String version = RtaaCommand.class.getPackage().getImplementationVersion();
            return new String[] {"rtaa " + (version == null ? "(not packaged)" : version)};
        }
    }

    /**
     * Whether the arguments are for {@link #run} and not for the service: a first word that is no option is a command,
     * known or not, so that a misspelt one is an error and does not start a server.
     */
    public static boolean isCommand(String... args) {
        return args.length > 0 && (!args[0].startsWith("-") || COMMAND_OPTIONS.contains(args[0]));
    }

    /** Runs a command as this process: on its standard streams, with nothing else on them, as the logs are turned off. */
    public static int run(String... args) {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        return run(
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                args);
    }

    /**
     * Runs a command to its end.
     *
     * @return the exit code: 0 fine, 1 the thing failed, 2 wrong usage
     */
    public static int run(PrintWriter out, PrintWriter err, String... args) {
        CommandLine line = new CommandLine(new RtaaCommand())
                .setOut(out)
                .setErr(err)
                .setParameterExceptionHandler((e, given) -> {
                    CommandLine command = e.getCommandLine();
                    command.getErr().println(e.getMessage());
                    if (command.getSubcommands().isEmpty()) {
                        command.getErr().println("Try 'rtaa " + command.getCommandName() + " --help'.");
                    } else {
                        command.getErr()
                                .println("Commands: "
                                        + String.join(
                                                ", ", command.getSubcommands().keySet()));
                    }
                    return CommandLine.ExitCode.USAGE;
                })
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    command.getErr().println(e.getMessage());
                    return FAILED;
                });
        int code = line.execute(args);
        out.flush();
        err.flush();
        return code;
    }
}
