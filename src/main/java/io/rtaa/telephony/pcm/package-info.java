/** The plain PCM protocol of {@code /v1/ingest} as it is on the wire; no Camel, no Spring. */
@NullMarked
package io.rtaa.telephony.pcm;

import org.jspecify.annotations.NullMarked;
