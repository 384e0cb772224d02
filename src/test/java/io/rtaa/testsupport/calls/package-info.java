/** Calls whose audio says which words are in it, and what came of them on the page. */
@NullMarked
package io.rtaa.testsupport.calls;

import org.jspecify.annotations.NullMarked;
