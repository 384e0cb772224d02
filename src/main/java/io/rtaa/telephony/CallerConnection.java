package io.rtaa.telephony;

import io.rtaa.call.Principal;
import io.rtaa.call.SocketPace;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A caller's connection as its handshake left it.
 *
 * @param key names the connection among all of this process
 * @param requestId the {@link io.rtaa.call.RequestId} of its handshake; its key where its route came by no websocket
 * @param handshakeBegan when its handshake began; null where its route came by no websocket
 * @param query the raw query of its address, without any token; null for none
 * @param principal who the caller is; null where its route came by no websocket
 * @param pace hears how much audio the caller sends
 */
public record CallerConnection(
        String key,
        String requestId,
        @Nullable Instant handshakeBegan,
        @Nullable String query,
        @Nullable Principal principal,
        SocketPace pace) {}
