package io.rtaa.telephony.pcm;

import io.rtaa.call.AudioCoding;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a start says about its audio in a field that the protocol does not have. Such a field is harmless where it says
 * how the audio is read anyway; else the audio would be misread.
 *
 * @param field the field's name as it came
 * @param value its value as it came; the first character of what is no text and no number
 */
record AudioClaim(String field, String value) {

    /** The claim that a field makes; null for a field that says nothing about the audio. */
    static @Nullable AudioClaim of(String field, String value) {
        boolean silent = value.isBlank() || kind(field) == Kind.NONE;
        // A text of this name may say anything; an object is about to say how the audio is coded.
        boolean anyText = plain(field).equals("audio") && !value.equals("{");
        return silent || anyText ? null : new AudioClaim(field, value);
    }

    private enum Kind {
        CHANNELS,
        BITS,
        BYTES,
        ENCODING,
        SAMPLE_RATE,
        BYTE_ORDER,
        SIGNED,
        CONTAINER,
        COMPRESSION,
        NONE
    }

    private static Kind kind(String field) {
        return switch (plain(field)) {
            case "channels", "channelcount", "numchannels", "nchannels", "numberofchannels", "audiochannels" ->
                Kind.CHANNELS;
            case "bits", "bitdepth", "bitspersample", "samplesize", "samplesizeinbits", "sampleformatbits" -> Kind.BITS;
            case "samplewidth", "bytespersample" -> Kind.BYTES;
            case "format",
                    "audioformat",
                    "sampleformat",
                    "audioencoding",
                    "codec",
                    "audiocodec",
                    "mediaformat",
                    "mimetype",
                    "contenttype",
                    "audio",
                    "audioconfig" -> Kind.ENCODING;
            case "samplerate",
                    "rate",
                    "sampleratehertz",
                    "sampleratehz",
                    "samplingrate",
                    "samplingfrequency",
                    "hz",
                    "frequency",
                    "frequencyhz" -> Kind.SAMPLE_RATE;
            case "endian", "endianness", "byteorder" -> Kind.BYTE_ORDER;
            case "signed", "issigned" -> Kind.SIGNED;
            case "container", "containerformat" -> Kind.CONTAINER;
            case "compression", "contentencoding" -> Kind.COMPRESSION;
            default -> Kind.NONE;
        };
    }

    /** Why the claim does not hold for audio that is read like this; null where it does. */
    @Nullable
    String fault(AudioCoding coding) {
        String said = plain(value);
        int bits = coding.encoding().bitsPerSample();
        return switch (kind(field)) {
            case CHANNELS -> said.equals("1") || said.equals("mono") ? null : fault("1");
            case BITS -> said.equals(String.valueOf(bits)) ? null : fault(bits + " with this encoding");
            case BYTES -> said.equals(String.valueOf(bits / 8)) ? null : fault(bits / 8 + " with this encoding");
            case ENCODING -> isRead(coding) ? null : fault("none; say it as encoding");
            case SAMPLE_RATE ->
                AudioCoding.readSampleRate(value).equals(OptionalInt.of(coding.sampleRate()))
                        ? null
                        : fault("none; say it as sample_rate");
            case BYTE_ORDER -> said.startsWith("little") || said.equals("le") ? null : fault("little");
            case SIGNED -> said.equals("true") || said.equals("1") ? null : fault("true");
            case CONTAINER -> said.equals("none") || said.equals("raw") ? null : fault("none");
            case COMPRESSION -> said.equals("none") || said.equals("identity") ? null : fault("none");
            case NONE -> null;
        };
    }

    private boolean isRead(AudioCoding coding) {
        String name = plain(value).equals("s16le") ? "pcm16" : value;
        try {
            return AudioCoding.declared(name, null, String.valueOf(coding.sampleRate()))
                    .equals(coding);
        } catch (IllegalArgumentException notReadAtAll) {
            return false;
        }
    }

    private String fault(String allowed) {
        return AudioCoding.quoted(field) + " is " + AudioCoding.quoted(value) + "; allowed: " + allowed;
    }

    private static String plain(String text) {
        return text.strip()
                .toLowerCase(Locale.ROOT)
                .replace("_", "")
                .replace("-", "")
                .replace(" ", "");
    }
}
