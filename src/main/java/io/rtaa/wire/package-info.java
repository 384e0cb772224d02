/** The forms in which calls leave the process: transcript events as JSON, audio messages as bytes. */
@NullMarked
package io.rtaa.wire;

import org.jspecify.annotations.NullMarked;
