package io.rtaa.websocket;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.impl.VertxBuilder;
import io.vertx.core.impl.transports.EpollTransport;
import java.util.concurrent.ThreadFactory;

/** Epoll whose busy event loops wake less often, for more sockets at a time ({@link Coalescing}, docs/decisions/0011). */
public final class CoalescingTransport extends EpollTransport {

    private CoalescingTransport() {}

    /**
     * A Vert.x on this transport, or on Java's own selector where there is no epoll.
     *
     * @param options what else it is to be like
     */
    public static Vertx vertx(VertxOptions options) {
        // Else Vert.x takes a transport by a service file only, for every Vert.x in the process.
        return Epoll.isAvailable()
                ? new VertxBuilder(options)
                        .findTransport(new CoalescingTransport())
                        .init()
                        .vertx()
                : Vertx.vertx(options);
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory threadFactory, int ioRatio) {
        if (type != IO_EVENT_LOOP_GROUP) {
            return super.eventLoopGroup(type, threads, threadFactory, ioRatio);
        }
        EpollEventLoopGroup loops = new EpollEventLoopGroup(threads, threadFactory, Coalescing::new);
        loops.setIoRatio(ioRatio);
        return loops;
    }
}
