/** Typed settings and the wiring of everything; the only package that knows all others. */
@NullMarked
package io.rtaa.config;

import org.jspecify.annotations.NullMarked;
