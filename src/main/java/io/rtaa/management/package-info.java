/** Who may look at and operate this process at its management listener, and which managed beans that reaches. */
@NullMarked
package io.rtaa.management;

import org.jspecify.annotations.NullMarked;
