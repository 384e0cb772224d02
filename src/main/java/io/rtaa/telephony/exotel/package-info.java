/** Exotel AgentStream as it is on the wire: reads a connection's messages and says what they mean; no Camel, no Spring. */
@NullMarked
package io.rtaa.telephony.exotel;

import org.jspecify.annotations.NullMarked;
