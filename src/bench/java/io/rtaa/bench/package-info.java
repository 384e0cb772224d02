/** The benchmark of docs/performance.md: its driver, which starts everything, measures and judges. */
@NullMarked
package io.rtaa.bench;

import org.jspecify.annotations.NullMarked;
