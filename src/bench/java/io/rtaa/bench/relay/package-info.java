/** What rtaa is compared with: the least that a relay from callers to a recogniser to a dashboard can do. */
@NullMarked
package io.rtaa.bench.relay;

import org.jspecify.annotations.NullMarked;
