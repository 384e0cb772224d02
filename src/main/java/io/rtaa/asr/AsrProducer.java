package io.rtaa.asr;

import io.rtaa.call.AudioMessage;
import io.rtaa.call.AudioReceipt;
import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.support.DefaultAsyncProducer;

/** Hands audio to its stream's session; done as soon as it is handed over. */
class AsrProducer extends DefaultAsyncProducer {

    private final RecogniserSessions sessions;

    AsrProducer(AsrEndpoint endpoint) {
        super(endpoint);
        this.sessions = endpoint.sessions();
    }

    @Override
    protected void doStart() throws Exception {
        super.doStart();
        sessions.feederStarted();
    }

    @Override
    protected void doStop() throws Exception {
        sessions.feederStopped();
        super.doStop();
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        try {
            AudioMessage message = exchange.getMessage().getMandatoryBody(AudioMessage.class);
            sessions.accept(message, exchange.getProperty(AudioReceipt.PROPERTY, AudioReceipt.class));
        } catch (InvalidPayloadException e) {
            exchange.setException(e);
        }
        callback.done(true);
        return true;
    }
}
