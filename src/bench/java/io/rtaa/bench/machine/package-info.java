/** The machine under the benchmark: processes, what they use of it, and the JVMs in them. */
@NullMarked
package io.rtaa.bench.machine;

import org.jspecify.annotations.NullMarked;
