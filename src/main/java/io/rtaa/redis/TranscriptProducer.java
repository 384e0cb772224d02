package io.rtaa.redis;

import io.rtaa.bus.PublisherMeters;
import io.rtaa.bus.Topic;
import io.rtaa.call.AudioOrigin;
import io.rtaa.call.AudioReceipt;
import io.rtaa.call.KeepAlive;
import io.rtaa.call.TranscriptEvent;
import io.rtaa.call.TranscriptEvent.Alert;
import io.rtaa.call.TranscriptEvent.CallEnded;
import io.rtaa.call.TranscriptEvent.CallErased;
import io.rtaa.call.TranscriptEvent.CallStarted;
import io.rtaa.wire.TranscriptJson;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.DefaultAsyncProducer;
import org.jspecify.annotations.Nullable;

/**
 * Publishes transcript events, and acknowledges the audio they cover in the same step; done when Redis has answered. An event
 * that was published before is done without doing anything. So is one of a stream that another process has taken over: that one says
 * it in its own words. The erasure of a call takes everything of it out of Redis.
 */
class TranscriptProducer extends DefaultAsyncProducer {

    private final RedisBus bus;
    private final RedisErasure erasures;
    private final PublisherMeters transcripts;
    private final PublisherMeters partials;

    TranscriptProducer(RedisStreamsEndpoint endpoint) {
        super(endpoint);
        this.bus = endpoint.component().bus();
        this.erasures = new RedisErasure(bus);
        this.transcripts = bus.meters().publisher(Topic.TRANSCRIPTS);
        this.partials = bus.meters().publisher(Topic.PARTIALS);
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        if (exchange.getMessage().getBody() instanceof KeepAlive alive) {
            return keepAlive(alive, exchange, callback);
        }
        TranscriptEvent event;
        try {
            event = exchange.getMessage().getMandatoryBody(TranscriptEvent.class);
        } catch (InvalidPayloadException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        if (event instanceof CallErased erasure) {
            return erase(erasure, exchange, callback);
        }
        if (event instanceof Alert alert) {
            return alert(alert, exchange, callback);
        }
        Lease lease = lease(exchange);
        AudioReceipt receipt = exchange.getProperty(AudioReceipt.PROPERTY, AudioReceipt.class);
        List<Lease.Entry> covered = lease == null || receipt == null ? List.of() : lease.entriesAmong(receipt.parts());
        Position position = lease == null ? null : lease.beginPublishing(covered);
        Topic topic = topic(event);
        PublisherMeters meters = topic == Topic.PARTIALS ? partials : transcripts;
        meters.offered(exchange);
        long began = System.nanoTime();
        CompletableFuture<Long> unused = bus.publish(
                        new RedisBus.Publication(
                                event.stream(), event.type(), event.seq(), RedisBus.bytes(TranscriptJson.write(event))),
                        lease,
                        position)
                .whenComplete((answer, failure) -> {
                    if (failure == null) {
                        answered(answer, event, lease, covered, position);
                    }
                    if (lease != null) {
                        lease.endPublishing();
                    }
                    Published.note(bus, meters, topic, exchange, began, answer != null && answer > 0, failure);
                    callback.done(false);
                });
        return false;
    }

    private boolean erase(CallErased erasure, Exchange exchange, AsyncCallback callback) {
        transcripts.offered(exchange);
        long began = System.nanoTime();
        CompletableFuture<Void> unused = erasures.erase(erasure).whenComplete((done, failure) -> {
            Published.note(bus, transcripts, Topic.TRANSCRIPTS, exchange, began, true, failure);
            callback.done(false);
        });
        return false;
    }

    private boolean alert(Alert alert, Exchange exchange, AsyncCallback callback) {
        partials.offered(exchange);
        long began = System.nanoTime();
        CompletableFuture<String> unused = bus.publishLive(alert).whenComplete((id, failure) -> {
            Published.note(bus, partials, Topic.PARTIALS, exchange, began, true, failure);
            callback.done(false);
        });
        return false;
    }

    private boolean keepAlive(KeepAlive alive, Exchange exchange, AsyncCallback callback) {
        Lease lease = lease(alive.origin());
        if (lease != null && !lease.isHeld()) {
            callback.done(true);
            return true;
        }
        partials.offered(exchange);
        long began = System.nanoTime();
        CompletableFuture<Long> unused = bus.keepAlive(alive, lease).whenComplete((answer, failure) -> {
            boolean taken = answer != null && answer > 0;
            if (failure == null && !taken && lease != null) {
                lease.fenced();
            }
            Published.note(bus, partials, Topic.PARTIALS, exchange, began, taken, failure);
            callback.done(false);
        });
        return false;
    }

    private static Topic topic(TranscriptEvent event) {
        return event.isLiveOnly() ? Topic.PARTIALS : Topic.TRANSCRIPTS;
    }

    /** The lease under which the event's audio was read; null where its bus has none, or is another one. */
    private @Nullable Lease lease(Exchange exchange) {
        return lease(exchange.getProperty(AudioOrigin.PROPERTY, AudioOrigin.class));
    }

    private @Nullable Lease lease(@Nullable AudioOrigin origin) {
        return origin instanceof Lease lease && lease.bus() == bus ? lease : null;
    }

    private void answered(
            long answer,
            TranscriptEvent event,
            @Nullable Lease lease,
            List<Lease.Entry> covered,
            @Nullable Position position) {
        if (answer == 0) {
            bus.meters().repeats(topic(event)).increment();
        }
        if (event instanceof CallStarted started) {
            bus.starts().put(started);
        } else if (event instanceof CallEnded) {
            bus.starts().forget(event.stream());
        }
        if (lease == null) {
            return;
        }
        if (answer < 0) {
            bus.meters().fenced(topic(event)).increment();
            lease.fenced();
            return;
        }
        if (position != null) {
            lease.acknowledged(position);
        }
        lease.settle(covered);
        if (event instanceof CallEnded ended) {
            lease.over(ended);
        }
    }
}
