package io.rtaa.config;

/** A way in from outside. Each needs a credential of its own before it may be reached from other machines. */
public enum Door {
    EXOTEL("/v1/exotel", "EXOTEL_BASIC_AUTH, JWT_PUBLIC_KEY or JWT_JWKS_URL"),
    INGEST("/v1/ingest", "JWT_PUBLIC_KEY or JWT_JWKS_URL"),
    TRANSCRIPTS("/v1/transcripts and /api", "JWT_PUBLIC_KEY or JWT_JWKS_URL");

    private final String address;
    private final String credential;

    Door(String address, String credential) {
        this.address = address;
        this.credential = credential;
    }

    /** What it is called from outside. */
    public String address() {
        return address;
    }

    /** The settings that give it a credential. */
    public String credential() {
        return credential;
    }
}
