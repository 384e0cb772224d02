/** Turns what a caller's socket delivers into a leg's start, audio and end, and knows which streams are live. */
@NullMarked
package io.rtaa.telephony;

import org.jspecify.annotations.NullMarked;
