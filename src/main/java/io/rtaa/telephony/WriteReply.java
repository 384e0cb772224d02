package io.rtaa.telephony;

import io.rtaa.call.SocketHeaders;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;

/**
 * Makes the message for the socket of the {@link SocketReply} in the exchange: the text as body, the close code and reason
 * as headers. Does nothing where there is none.
 *
 * <p>Thread-safety: stateless.
 */
public final class WriteReply implements Processor {

    @Override
    public void process(Exchange exchange) {
        SocketReply reply = exchange.getProperty(SocketReply.PROPERTY, SocketReply.class);
        if (reply == null) {
            return;
        }
        Message message = exchange.getMessage();
        message.setBody(reply.text());
        if (reply.closeCode() != null) {
            message.setHeader(SocketHeaders.CLOSE_CODE, reply.closeCode());
            message.setHeader(SocketHeaders.CLOSE_REASON, reply.closeReason());
        }
    }
}
