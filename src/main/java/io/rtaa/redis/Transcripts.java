package io.rtaa.redis;

import io.lettuce.core.StreamMessage;
import io.rtaa.bus.Topic;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.wire.KeepAliveJson;
import io.rtaa.wire.TranscriptReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the entries of transcripts and partials. */
final class Transcripts {

    private static final Logger LOG = LoggerFactory.getLogger(Transcripts.class);

    /** The only field of an entry; publish.lua names it too. */
    static final String FIELD = "e";

    private Transcripts() {}

    /** The keep-alive of an entry; null for one that cannot be read, which is counted. */
    static @Nullable KeepAlive keepAlive(StreamMessage<String, byte[]> entry, RedisBus bus) {
        byte[] json = entry.getBody().get(FIELD);
        try {
            if (json != null) {
                return KeepAliveJson.read(json);
            }
        } catch (IllegalArgumentException e) {
            LOG.debug("Entry {} of {} cannot be read: {}", entry.getId(), entry.getStream(), e.getMessage());
        }
        bus.meters().unreadable(Topic.PARTIALS).increment();
        return null;
    }

    /**
     * The event of an entry; null for one that this version does not know, which is counted.
     *
     * @param topic whether the entry lies among transcripts or partials
     */
    static @Nullable TranscriptEvent event(StreamMessage<String, byte[]> entry, Topic topic, RedisBus bus) {
        byte[] json = entry.getBody().get(FIELD);
        try {
            TranscriptEvent event = json == null ? null : TranscriptReader.read(json);
            if (event != null) {
                return event;
            }
            LOG.debug("entry {} of {} is no event that is known here", entry.getId(), entry.getStream());
            bus.meters().unreadable(topic).increment();
        } catch (IllegalArgumentException e) {
            bus.unreadable(topic, entry, String.valueOf(e.getMessage()));
        }
        return null;
    }
}
