/** Audio on its way from a caller to the bus: windows cut by the Aggregator EIP and put in order where they leave. */
@NullMarked
package io.rtaa.audio;

import org.jspecify.annotations.NullMarked;
