package io.rtaa.testsupport;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the health check of the image asks, without the program that its base brings to ask with. */
public final class ImageHealthCheck {

    private static final Pattern CHECK = Pattern.compile(
            "HEALTHCHECK [^\n]*\\\\\n\\s+CMD wget -q --no-check-certificate -O /dev/null (\"[^\"]+\")\n");

    private ImageHealthCheck() {}

    /** The address, as a shell in the container makes it of the environment. */
    public static URI address(Map<String, String> environment) throws IOException, InterruptedException {
        Matcher check = CHECK.matcher(Files.readString(Path.of("Dockerfile")));
        if (!check.find()) {
            throw new IllegalStateException("the Dockerfile has no such check: " + CHECK);
        }
        ProcessBuilder shell = new ProcessBuilder("sh", "-c", "printf %s " + check.group(1));
        shell.environment().clear();
        shell.environment().putAll(environment);
        Process expanding = shell.start();
        String address = new String(expanding.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (expanding.waitFor() != 0) {
            throw new IllegalStateException("the shell cannot read " + check.group(1));
        }
        return URI.create(address);
    }
}
