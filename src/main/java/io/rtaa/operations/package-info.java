/** What operators look at: health. */
@NullMarked
package io.rtaa.operations;

import org.jspecify.annotations.NullMarked;
