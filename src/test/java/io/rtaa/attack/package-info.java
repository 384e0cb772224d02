/** Attacks on the public listener beside calls that have to lose nothing. */
@NullMarked
package io.rtaa.attack;

import org.jspecify.annotations.NullMarked;
