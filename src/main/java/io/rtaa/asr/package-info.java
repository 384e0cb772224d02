/** The {@code asr:} component: one recogniser session for each stream, the same for every recogniser. */
@NullMarked
package io.rtaa.asr;

import org.jspecify.annotations.NullMarked;
