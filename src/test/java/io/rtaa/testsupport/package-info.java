/** What tests of several packages share. */
@NullMarked
package io.rtaa.testsupport;

import org.jspecify.annotations.NullMarked;
