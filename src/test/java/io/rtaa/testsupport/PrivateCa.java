package io.rtaa.testsupport;

import io.vertx.core.net.PfxOptions;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A CA that nobody but its owner trusts. The JDK's own tool makes it, as Java has no public way to make a certificate.
 */
public final class PrivateCa {

    private static final String PASSWORD = "changeit";

    private final Path store;
    private final Path certificate;

    /** @param directory where its files are put */
    public PrivateCa(Path directory) throws Exception {
        store = directory.resolve("ca.p12");
        generate("ca", "CN=a private CA", "-ext", "bc:c");
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, PASSWORD.toCharArray());
        }
        String base64 =
                Base64.getMimeEncoder().encodeToString(keys.getCertificate("ca").getEncoded());
        certificate = Files.writeString(
                directory.resolve("ca.pem"),
                "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n");
    }

    /** Its own certificate, as PEM. */
    public Path certificate() {
        return certificate;
    }

    /**
     * A key for a server and a certificate that this CA signs.
     *
     * @param alias a name that no other one has
     * @param host the DNS name it is for
     * @param options further options of {@code keytool -genkeypair}
     */
    public PfxOptions sign(String alias, String host, String... options) throws Exception {
        List<String> all = new ArrayList<>(List.of("-signer", "ca", "-ext", "san=dns:" + host));
        all.addAll(List.of(options));
        generate(alias, "CN=" + host, all.toArray(String[]::new));
        return new PfxOptions().setPath(store.toString()).setPassword(PASSWORD).setAlias(alias);
    }

    private void generate(String alias, String name, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(Jdk.program("keytool"), "-genkeypair", "-keyalg", "EC"));
        command.addAll(List.of("-alias", alias, "-dname", name, "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", PASSWORD, "-keystore", store.toString()));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).inheritIO().start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool made no certificate");
        }
    }
}
