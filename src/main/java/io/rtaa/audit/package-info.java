/** The audit log: who signed in, read, exported or changed what, and from where. */
@NullMarked
package io.rtaa.audit;

import org.jspecify.annotations.NullMarked;
