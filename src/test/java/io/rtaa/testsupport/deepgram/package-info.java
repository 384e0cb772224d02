/** A stand-in for Deepgram's live service and audio that says which words are in it. */
@NullMarked
package io.rtaa.testsupport.deepgram;

import org.jspecify.annotations.NullMarked;
