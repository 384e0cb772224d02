/** The {@code asr:} component: one recogniser session for each stream, whoever recognises. */
@NullMarked
package io.rtaa.asr;

import org.jspecify.annotations.NullMarked;
