/** Audio on its way from a caller to the bus: windows cut by the Aggregator EIP, put in order where they leave, and mu-law. */
@NullMarked
package io.rtaa.audio;

import org.jspecify.annotations.NullMarked;
