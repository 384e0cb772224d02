package io.rtaa.cli;

import io.rtaa.call.Principal;
import io.rtaa.call.Role;
import io.rtaa.edge.security.TokenMint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Mints a token and prints it, and nothing else, so that a script can use it. */
@Command(name = "token", mixinStandardHelpOptions = true, description = "Mints an RS256 token.")
final class TokenCommand implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec spec;

    @Option(
            names = "--private-key",
            required = true,
            paramLabel = "FILE",
            description = "PEM file of the RSA key, PKCS#8 or PKCS#1, not encrypted.")
    @SuppressWarnings("NullAway.Init")
    private Path privateKey;

    @Option(
            names = "--role",
            required = true,
            converter = Roles.class,
            paramLabel = "caller|viewer|admin",
            description = "What the bearer may do.")
    @SuppressWarnings("NullAway.Init")
    private Role role;

    @Option(names = "--tenant", paramLabel = "T", description = "Binds the bearer to a tenant; a viewer needs one.")
    private @Nullable String tenant;

    @Option(
            names = "--ttl",
            converter = Durations.class,
            defaultValue = "1h",
            paramLabel = "TIME",
            description = "How long it is good, such as 90s, 15m, 1h, 7d (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private Duration ttl;

    @Option(names = "--subject", defaultValue = "rtaa-cli", description = "Who it names (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init")
    private String subject;

    @Option(names = "--issuer", paramLabel = "NAME", description = "The issuer it names: what JWT_ISSUER asks for.")
    private @Nullable String issuer;

    @Option(names = "--audience", paramLabel = "NAME", description = "Whom it is for: what JWT_AUDIENCE asks for.")
    private @Nullable String audience;

    @Override
    public Integer call() {
        if (!Files.isRegularFile(privateKey)) {
            throw new ParameterException(spec.commandLine(), "--private-key " + privateKey + " is no file");
        }
        if (ttl.toSeconds() < 1) {
            throw new ParameterException(spec.commandLine(), "--ttl " + ttl + " is too short; allowed: 1s or more");
        }
        if (role == Role.VIEWER && tenant == null) {
            spec.commandLine()
                    .getErr()
                    .println("Note: a viewer sees its tenant only; without --tenant it is let in nowhere.");
        }
        TokenMint mint = TokenMint.ofPem(privateKey.toString());
        spec.commandLine().getOut().println(mint.mint(new Principal(subject, role, tenant), ttl, issuer, audience));
        return 0;
    }

    static final class Roles implements ITypeConverter<Role> {
        @Override
        public Role convert(String value) {
            return Arrays.stream(Role.values())
                    .filter(role -> role.wireName().equals(value.toLowerCase(Locale.ROOT)))
                    .findFirst()
                    .orElseThrow(() ->
                            new TypeConversionException("'" + value + "' is no role; allowed: caller, viewer, admin"));
        }
    }
}
