/** The commands {@code call}, {@code validate} and {@code token}, which start no server and need no configuration. */
@NullMarked
package io.rtaa.cli;

import org.jspecify.annotations.NullMarked;
