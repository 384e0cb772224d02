/** The spans of calls: what a call's trace consists of, in all processes and features. */
@NullMarked
package io.rtaa.tracing;

import org.jspecify.annotations.NullMarked;
