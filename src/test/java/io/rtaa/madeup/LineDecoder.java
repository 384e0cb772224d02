package io.rtaa.madeup;

/** Reads the protocol's text messages: {@code HELLO <id>} and {@code BYE}. Its audio comes as binary frames of PCM at 8000 Hz. */
final class LineDecoder {

    private static final String HELLO = "HELLO ";

    /** What a line means. */
    sealed interface Line permits Hello, Bye, Unknown {}

    record Hello(String id) implements Line {}

    record Bye() implements Line {}

    record Unknown() implements Line {}

    private LineDecoder() {}

    static Line read(String message) {
        if (message.startsWith(HELLO)) {
            return new Hello(message.substring(HELLO.length()));
        }
        return message.equals("BYE") ? new Bye() : new Unknown();
    }
}
