/** The examples of docs/examples: a test of each, which a team can copy to test a route file of its own. */
@NullMarked
package io.rtaa.examples;

import org.jspecify.annotations.NullMarked;
