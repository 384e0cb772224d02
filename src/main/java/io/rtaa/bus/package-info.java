/** What every bus keeps to, whatever carries it: the names of sinks, and the placeholder by which a route names one. */
@NullMarked
package io.rtaa.bus;

import org.jspecify.annotations.NullMarked;
