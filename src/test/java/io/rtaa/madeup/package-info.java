/** A caller protocol that nobody speaks, added to the service as a team would add its own. */
@NullMarked
package io.rtaa.madeup;

import org.jspecify.annotations.NullMarked;
