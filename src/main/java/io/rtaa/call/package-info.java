/** The language of the product: streams, audio on its way to a recogniser, transcript events, callers; JDK types only. */
@NullMarked
package io.rtaa.call;

import org.jspecify.annotations.NullMarked;
