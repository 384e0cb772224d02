package io.rtaa.edge.websocket;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.util.ReferenceCountUtil;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Netty channel under a socket, for what Vert.x' public API cannot do: close with a code when a frame's head
 * announces too much (Vert.x just drops the connection), set TCP options per path, tell of bytes that are no whole
 * frame yet, tell why a connection was lost, and cut a connection whose peer does not read.
 *
 * <p>This is the only class that depends on internals of Vert.x: on {@link ConnectionBase}, on the name of the handler
 * that ends idle connections, and on its own handler seeing what is read before Vert.x does. {@code
 * LibraryInternalsTest} names the version that this was checked with.
 *
 * <p>Thread-safety: {@link #cut} on any thread, the rest on the channel's event loop.
 */
final class VertxChannel {

    /** The name under which Vert.x keeps the idle timeout of a server's connections. */
    private static final String IDLE = "idle";

    private static final String WATCH = "watch";
    private static final String COUNT = "count";

    /**
     * How much the system may hold of a socket that it has not sent, bytes. Beyond it data waits in this process, where
     * it counts as unsent; else a slow line could hold minutes of it without anybody's knowing. It is enough to keep a
     * fast line busy.
     */
    private static final int MAX_UNSENT_IN_SYSTEM = 128 * 1024;

    /**
     * Linux' numbers for a host that is gone: ENETUNREACH, ETIMEDOUT, EHOSTDOWN, EHOSTUNREACH; Netty has them negative.
     */
    private static final Set<Integer> HOST_GONE = Set.of(-101, -110, -112, -113);

    private final ChannelHandlerContext connection;

    VertxChannel(HttpConnection http) {
        connection = ((ConnectionBase) http).channelHandlerContext();
    }

    /** Hears what Vert.x does not tell; on the channel's event loop. */
    interface Watcher {
        /** So many bytes were read, which may be no whole frame. */
        void bytesRead(int count);

        /** The peer broke the protocol, or announced a frame that is too big; what follows is read and thrown away. */
        void violated(int closeCode);

        /** The connection fails, and is closed next. */
        void failed(Throwable cause);
    }

    boolean isOpen() {
        return connection.channel().isActive();
    }

    /** Whether the peer reads what is written; also once a close began, when the socket says nothing any more. */
    boolean isWritable() {
        return connection.channel().isWritable();
    }

    EventLoop eventLoop() {
        return connection.channel().eventLoop();
    }

    /**
     * Ends the idle timeout of plain HTTP, and reports from now on. What follows a frame that breaks the protocol is
     * thrown away, so that the peer lives to see the close code.
     */
    void watch(Watcher watcher) {
        ChannelPipeline pipeline = connection.pipeline();
        if (pipeline.get(IDLE) != null) {
            pipeline.remove(IDLE);
        }
        pipeline.addBefore(connection.name(), WATCH, new WatchHandler(watcher));
        for (Map.Entry<String, ChannelHandler> handler : pipeline) {
            if (handler.getValue() instanceof WebSocketFrameDecoder) {
                pipeline.addBefore(handler.getKey(), COUNT, new CountHandler(watcher));
                break;
            }
        }
    }

    /** Whether somebody watches it: it has a socket already. */
    boolean isWatched() {
        return connection.pipeline().get(WATCH) != null;
    }

    /** Sets TCP_USER_TIMEOUT; returns whether the transport has it. */
    boolean setTcpUserTimeout(Duration timeout) {
        EpollSocketChannel epoll = epoll();
        if (epoll == null) {
            return false;
        }
        epoll.config().setTcpUserTimeout((int) Math.min(Integer.MAX_VALUE, timeout.toMillis()));
        return true;
    }

    /** Has what is not sent wait in this process rather than in the system, where the transport can do that. */
    void keepUnsentHere() {
        EpollSocketChannel epoll = epoll();
        if (epoll != null) {
            epoll.config().setTcpNotSentLowAt(MAX_UNSENT_IN_SYSTEM);
        }
    }

    private @Nullable EpollSocketChannel epoll() {
        Channel channel = connection.channel();
        return channel instanceof EpollSocketChannel epoll ? epoll : null;
    }

    /** Whether a read or write failed because the peer's host does not answer any more; known on epoll only. */
    static boolean saysHostIsGone(Throwable failure) {
        Throwable cause = failure instanceof NativeIoException ? failure : failure.getCause();
        return cause instanceof NativeIoException system && HOST_GONE.contains(system.expectedErr());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // That it is cut shows in the socket's close handler.
    void cut() {
        connection.close();
    }

    private static final class WatchHandler extends ChannelInboundHandlerAdapter {

        private final Watcher watcher;

        WatchHandler(Watcher watcher) {
            this.watcher = watcher;
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof CorruptedWebSocketFrameException violation) {
                context.pipeline().addFirst(new Discard());
                watcher.violated(violation.closeStatus().code());
            } else {
                watcher.failed(cause);
                context.fireExceptionCaught(cause);
            }
        }
    }

    /** Before the decoder, which keeps what is no whole frame. */
    private static final class CountHandler extends ChannelInboundHandlerAdapter {

        private final Watcher watcher;

        CountHandler(Watcher watcher) {
            this.watcher = watcher;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof ByteBuf bytes) {
                watcher.bytesRead(bytes.readableBytes());
            }
            context.fireChannelRead(message);
        }
    }

    private static final class Discard extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ReferenceCountUtil.release(message);
        }
    }
}
