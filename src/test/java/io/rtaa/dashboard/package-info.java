/** Tests of what readers of transcripts see. */
@NullMarked
package io.rtaa.dashboard;

import org.jspecify.annotations.NullMarked;
