/** The spans of calls: what a call's trace consists of, whichever process and feature a part of it happens in. */
@NullMarked
package io.rtaa.tracing;

import org.jspecify.annotations.NullMarked;
