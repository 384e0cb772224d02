/** Proves over real sockets that no fault of a recogniser's connection loses or doubles a word. */
@NullMarked
package io.rtaa.asr.faults;

import org.jspecify.annotations.NullMarked;
