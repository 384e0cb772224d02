/** The one HTTP listener that faces the public. */
@NullMarked
package io.rtaa.edge.listener;

import org.jspecify.annotations.NullMarked;
