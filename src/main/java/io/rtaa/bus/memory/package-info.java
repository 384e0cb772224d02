/** The component {@code memory-bus:}: carries transcript events from route to route within one process. */
@NullMarked
package io.rtaa.bus.memory;

import org.jspecify.annotations.NullMarked;
