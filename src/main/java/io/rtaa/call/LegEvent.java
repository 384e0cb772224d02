package io.rtaa.call;

/** What a caller's message means, once its protocol is decoded; a leg's events come from one thread at a time, in order. */
public sealed interface LegEvent {

    Leg leg();

    /** The leg's first event. */
    record Started(Leg leg) implements LegEvent {}

    /**
     * Some audio of the leg.
     *
     * @param leg the leg
     * @param firstSample the number of samples of this leg that came before
     * @param pcm audio in the form of {@link AudioFormat}, a whole number of samples, at least one; handed over
     */
    @SuppressWarnings("ArrayRecordComponent") // Carried, never compared.
    record Audio(Leg leg, long firstSample, byte[] pcm) implements LegEvent {
        @Override
        public String toString() {
            return "Audio[" + leg + " from " + firstSample + ", " + pcm.length + " bytes]";
        }
    }

    /**
     * The leg is connected and no audio came of it for a while; told from time to time by another thread than the leg's own,
     * so audio may overtake it: it does not say how far the leg's audio has come.
     */
    record Silent(Leg leg) implements LegEvent {}

    /**
     * Something that those who read the leg's transcript have to know; see {@link CallNote}.
     *
     * @param leg the leg
     * @param totalSamples the samples of all its audio so far
     * @param failed whether the leg ends for this reason
     * @param text what happened, for people to read
     */
    record Noted(Leg leg, long totalSamples, boolean failed, String text) implements LegEvent {}

    /**
     * The leg's last event.
     *
     * @param leg the leg
     * @param totalSamples the samples of all its audio
     * @param reason why it ended
     */
    record Ended(Leg leg, long totalSamples, EndReason reason) implements LegEvent {}
}
