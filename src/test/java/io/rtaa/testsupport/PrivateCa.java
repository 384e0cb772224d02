package io.rtaa.testsupport;

import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

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
        certificate = Files.writeString(
                directory.resolve("ca.pem"),
                pem("CERTIFICATE", keys.getCertificate("ca").getEncoded()));
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

    /**
     * The same as two PEM files, which are replaced at once where they are there.
     *
     * @param certificates gets the server's certificate and this CA's
     * @param key gets the private key
     * @param options further options of {@code keytool -genkeypair}
     */
    public void signAsPem(String alias, String host, Path certificates, Path key, String... options) throws Exception {
        sign(alias, host, options);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(store)) {
            keys.load(file, PASSWORD.toCharArray());
        }
        StringBuilder chain = new StringBuilder();
        for (Certificate each : keys.getCertificateChain(alias)) {
            chain.append(pem("CERTIFICATE", each.getEncoded()));
        }
        replace(
                key,
                pem("PRIVATE KEY", keys.getKey(alias, PASSWORD.toCharArray()).getEncoded()));
        replace(certificates, chain.toString());
    }

    private static void replace(Path file, String text) throws IOException {
        Path fresh = Files.writeString(file.resolveSibling(file.getFileName() + ".new"), text);
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    private static String pem(String label, byte[] content) {
        return "-----BEGIN " + label + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                + label + "-----\n";
    }

    /** Trusts this CA and no other. */
    public SSLContext trusting() throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream file = Files.newInputStream(certificate)) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(file));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        return context;
    }

    private void generate(String alias, String name, String... options) throws Exception {
        List<String> command = new ArrayList<>(
                List.of(Jdk.program("keytool"), "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-genkeypair"));
        command.addAll(List.of("-keyalg", "EC"));
        command.addAll(List.of("-alias", alias, "-dname", name, "-storetype", "PKCS12"));
        command.addAll(List.of("-storepass", PASSWORD, "-keystore", store.toString()));
        command.addAll(List.of(options));
        Process keytool = new ProcessBuilder(command).inheritIO().start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool made no certificate");
        }
    }
}
