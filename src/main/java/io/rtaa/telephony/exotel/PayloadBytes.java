package io.rtaa.telephony.exotel;

import java.io.OutputStream;
import java.util.Arrays;

/** Takes a payload as it is decoded; one of the expected length comes out as the very array it went into. */
final class PayloadBytes extends OutputStream {

    private byte[] bytes;
    private int length;

    PayloadBytes(int expectedLength) {
        bytes = new byte[expectedLength];
    }

    @Override
    public void write(int value) {
        makeRoom(1);
        bytes[length++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int from, int count) {
        makeRoom(count);
        System.arraycopy(source, from, bytes, length, count);
        length += count;
    }

    private void makeRoom(int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, 2 * length));
        }
    }

    int length() {
        return length;
    }

    byte[] exact() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
}
