/**
 * The load of the benchmark: callers, a recogniser stand-in and a dashboard reader, each to be run as a process of its
 * own.
 */
@NullMarked
package io.rtaa.bench.load;

import org.jspecify.annotations.NullMarked;
