/** The Camel component {@code websocket:}, which turns sockets into exchanges in order and sends to them by key. */
@NullMarked
package io.rtaa.edge.websocket;

import org.jspecify.annotations.NullMarked;
