/** Steps that a team's own route files name: signing, masking, recording and the like, more than an expression can say. */
@NullMarked
package io.rtaa.steps;

import org.jspecify.annotations.NullMarked;
