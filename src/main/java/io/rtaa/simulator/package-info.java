/** The Exotel caller behind {@code rtaa call} and the demo call: plays recordings over the real protocol in real time. */
@NullMarked
package io.rtaa.simulator;

import org.jspecify.annotations.NullMarked;
