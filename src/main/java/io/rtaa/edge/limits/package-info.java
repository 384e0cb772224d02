/** How much may come in: the limits by address, principal and tenant, as steps of handshakes' routes and of the listener. */
@NullMarked
package io.rtaa.edge.limits;

import org.jspecify.annotations.NullMarked;
