package io.rtaa.asr.deepgram;

/** What came of asking Deepgram for a connection. */
enum HandshakeResult {
    /** Opened. */
    ACCEPTED,
    /** 400, 404 and other 4xx that trying again does not change. */
    SETTINGS_REFUSED,
    /** 401 and 402: the key; 403: the key for what was asked. */
    KEY_REFUSED,
    /** 429. */
    TOO_MANY,
    /** 5xx or 408, or an answer that is not Deepgram's. */
    OUT_OF_ORDER,
    /** No answer over HTTP: name, network, certificate, time-out. */
    UNREACHABLE
}
