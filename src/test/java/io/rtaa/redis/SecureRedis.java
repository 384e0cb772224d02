package io.rtaa.redis;

import io.rtaa.testsupport.Jdk;
import io.rtaa.testsupport.cluster.Broker;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import redis.embedded.core.ExecutableProvider;

/** A Redis that speaks TLS only, with a certificate of its own making, and knows no user but those it is given. */
final class SecureRedis extends Broker {

    private static final String PASSWORD = "changeit";

    private final List<String> users;
    private final Path certificate;
    private final Path key;

    /** @param users as {@code ACL SETUSER} takes them */
    SecureRedis(Path directory, List<String> users) throws Exception {
        super("secure-redis", directory);
        this.users = users;
        this.certificate = directory.resolve("redis.crt");
        this.key = directory.resolve("redis.key");
        makeCertificate(directory.resolve("redis.p12"));
    }

    Path certificate() {
        return certificate;
    }

    @Override
    protected Map<String, String> settings(int at) {
        return Map.of("PUBSUB_ADAPTER", "redis", "RTAA_REDIS_CA_CERTIFICATE", certificate.toString());
    }

    @Override
    protected List<String> command() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ExecutableProvider.newJarResourceProvider().get().getAbsolutePath(),
                "--bind",
                "127.0.0.1",
                "--port",
                "0",
                "--tls-port",
                Integer.toString(port()),
                "--tls-cert-file",
                certificate.toString(),
                "--tls-key-file",
                key.toString(),
                "--tls-ca-cert-file",
                certificate.toString(),
                "--tls-auth-clients",
                "no",
                "--save",
                "",
                "--dir",
                directory().toString()));
        for (String user : users) {
            command.add("--user");
            command.addAll(List.of(user.split(" ")));
        }
        return command;
    }

    private void makeCertificate(Path keyStore) throws IOException, InterruptedException, GeneralSecurityException {
        Process keytool = new ProcessBuilder(
                        Jdk.program("keytool"),
                        "-genkeypair",
                        "-alias",
                        "redis",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD,
                        "-keystore",
                        keyStore.toString())
                .inheritIO()
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool made no certificate");
        }
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream file = Files.newInputStream(keyStore)) {
            store.load(file, PASSWORD.toCharArray());
        }
        write(certificate, "CERTIFICATE", store.getCertificate("redis").getEncoded());
        write(key, "PRIVATE KEY", store.getKey("redis", PASSWORD.toCharArray()).getEncoded());
    }

    private static void write(Path file, String what, byte[] content) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + what + "-----\n" + Base64.getMimeEncoder().encodeToString(content) + "\n-----END "
                        + what + "-----\n");
    }
}
