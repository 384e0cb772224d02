/** Recogniser {@code sphinx}: Sphinx-4 inside the process, for demonstrations and as a last resort for a few calls. */
@NullMarked
package io.rtaa.asr.sphinx;

import org.jspecify.annotations.NullMarked;
