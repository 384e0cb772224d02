package io.rtaa.websocket;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;

/**
 * The Netty channel under a socket, for the three things Vert.x' public API cannot do: close with a code when a frame's head
 * announces too much (Vert.x just drops the connection), have an idle timeout of its own per path, and cut a connection
 * whose peer does not read.
 *
 * <p>Thread-safety: {@link #cut} on any thread, the rest on the channel's event loop.
 */
final class SocketChannel {

    /** The name under which Vert.x keeps the idle timeout of a server's connections. */
    private static final String IDLE = "idle";

    private final ChannelHandlerContext connection;

    SocketChannel(HttpConnection http) {
        connection = ((ConnectionBase) http).channelHandlerContext();
    }

    boolean isOpen() {
        return connection.channel().isActive();
    }

    /**
     * Replaces the idle timeout of plain HTTP, and reports frames that break the protocol or are larger than the listener
     * reads; what follows such a frame is read and thrown away, so that the peer lives to see the close code.
     *
     * @param idleTimeout how long the peer may send nothing; zero for ever
     * @param violated takes the close code
     */
    void watch(Duration idleTimeout, IntConsumer violated) {
        ChannelPipeline pipeline = connection.pipeline();
        if (pipeline.get(IDLE) != null) {
            pipeline.remove(IDLE);
        }
        if (!idleTimeout.isZero()) {
            pipeline.addBefore(
                    connection.name(), IDLE, new IdleStateHandler(idleTimeout.toMillis(), 0, 0, TimeUnit.MILLISECONDS));
        }
        pipeline.addBefore(connection.name(), "violations", new ViolationHandler(violated));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // That it is cut shows in the socket's close handler.
    void cut() {
        connection.close();
    }

    private static final class ViolationHandler extends ChannelInboundHandlerAdapter {

        private final IntConsumer violated;

        ViolationHandler(IntConsumer violated) {
            this.violated = violated;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof CorruptedWebSocketFrameException violation) {
                context.pipeline().addFirst(new Discard());
                violated.accept(violation.closeStatus().code());
            } else {
                context.fireExceptionCaught(cause);
            }
        }
    }

    private static final class Discard extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }
}
