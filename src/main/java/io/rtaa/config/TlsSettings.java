package io.rtaa.config;

import io.rtaa.edge.security.ServerCertificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * TLS of the public listener.
 *
 * @param certificate the pair that the files held at the start
 * @param files what the files held, the certificates' first
 */
record TlsSettings(ServerCertificate certificate, List<FileContent> files) {

    private static final Setting<FileContent> CERTIFICATE = Setting.parsed(
                    "rtaa.tls.certificate",
                    TlsSettings::file,
                    "PEM file of the public listener's certificate and those that vouch for it, read again on change")
            .variable("TLS_CERTIFICATE")
            .build();
    private static final Setting<FileContent> KEY = Setting.parsed(
                    "rtaa.tls.key",
                    TlsSettings::file,
                    "PEM file of the private key to TLS_CERTIFICATE, not encrypted, read again on change")
            .variable("TLS_KEY")
            .build();

    /** All that are read here. */
    static final List<Setting<?>> DECLARED = List.of(CERTIFICATE, KEY);

    TlsSettings {
        files = List.copyOf(files);
    }

    private static FileContent file(String path) {
        if (path.contains("-----BEGIN")) {
            // It may be the key, and what is no path would be shown.
            throw new IllegalArgumentException("this is PEM text; allowed: the path of a PEM file");
        }
        return FileContent.read(path);
    }

    /** Null where neither is set, or something is wrong and noted. */
    static @Nullable TlsSettings read(SettingsReader reader) {
        FileContent certificate = reader.find(CERTIFICATE);
        FileContent key = reader.find(KEY);
        boolean hasCertificate = reader.text(CERTIFICATE) != null;
        if (hasCertificate != (reader.text(KEY) != null)) {
            Setting<?> set = hasCertificate ? CERTIFICATE : KEY;
            Setting<?> missing = hasCertificate ? KEY : CERTIFICATE;
            reader.fault(reader.name(set) + " is set and " + reader.name(missing)
                    + " is not; allowed: both for TLS, or neither for plain HTTP");
        }
        if (certificate == null || key == null) {
            return null;
        }
        List<FileContent> files = List.of(certificate, key);
        try {
            return new TlsSettings(pair(files), files);
        } catch (IllegalArgumentException e) {
            reader.fault(reader.name(CERTIFICATE) + " (" + certificate + ") and " + reader.name(KEY) + " (" + key
                    + "): " + e.getMessage());
            return null;
        }
    }

    /**
     * The pair that the files hold.
     *
     * @param files as in {@link #files}
     * @throws IllegalArgumentException if they cannot be used; the message holds nothing of their text
     */
    static ServerCertificate pair(List<FileContent> files) {
        return ServerCertificate.ofPem(files.get(0).text(), files.get(1).text());
    }
}
