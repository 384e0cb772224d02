/** The recogniser {@code deepgram}: Deepgram's live speech-to-text over a websocket for each stream. */
@NullMarked
package io.rtaa.asr.deepgram;

import org.jspecify.annotations.NullMarked;
