/** Proves with real processes that no word is lost or doubled when one of them dies, hangs or loses its line in mid-call. */
@NullMarked
package io.rtaa.cluster;

import org.jspecify.annotations.NullMarked;
