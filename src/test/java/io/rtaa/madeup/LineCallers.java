package io.rtaa.madeup;

import io.rtaa.call.AudioCoding;
import io.rtaa.call.CallInfo;
import io.rtaa.call.EndReason;
import io.rtaa.call.StreamId;
import io.rtaa.madeup.LineDecoder.Bye;
import io.rtaa.madeup.LineDecoder.Hello;
import io.rtaa.madeup.LineDecoder.Line;
import io.rtaa.telephony.Caller;
import io.rtaa.telephony.CallerConnection;
import io.rtaa.telephony.CallerProcessor;
import io.rtaa.telephony.LiveLegs;
import io.rtaa.telephony.Outcome;
import java.time.Clock;

/** The route step that takes callers who speak {@link LineDecoder}'s protocol. */
final class LineCallers extends CallerProcessor {

    private final LiveLegs liveLegs;
    private final Clock clock;

    LineCallers(LiveLegs liveLegs, Clock clock) {
        this.liveLegs = liveLegs;
        this.clock = clock;
    }

    @Override
    protected Caller newCaller(CallerConnection connection) {
        return new LineCaller(connection);
    }

    private final class LineCaller extends Caller {
        LineCaller(CallerConnection connection) {
            super(liveLegs, connection);
        }

        @Override
        protected void text(String message, Outcome outcome) {
            Line line = LineDecoder.read(message);
            if (line instanceof Hello hello) {
                StreamId stream = liveLegs.claimNearest(new StreamId(tenant(null), hello.id()));
                startLeg(
                        new CallInfo(stream, null, null, null, null, AudioCoding.DEFAULT.sampleRate(), clock.millis()),
                        AudioCoding.DEFAULT,
                        outcome);
            } else if (line instanceof Bye) {
                endLeg(EndReason.STOPPED, outcome);
            } else {
                refuse("a line that means nothing; allowed: HELLO and BYE", outcome);
            }
        }

        @Override
        protected void binary(byte[] frame, Outcome outcome) {
            addAudio(frame, outcome);
        }
    }
}
