/** Who gets the spans of a test. */
@NullMarked
package io.rtaa.testsupport.tracing;

import org.jspecify.annotations.NullMarked;
