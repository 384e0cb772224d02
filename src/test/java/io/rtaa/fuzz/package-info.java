/** Parsers of outside bytes, fed with what no well-meaning peer sends: docs/testing.md. */
@NullMarked
package io.rtaa.fuzz;

import org.jspecify.annotations.NullMarked;
