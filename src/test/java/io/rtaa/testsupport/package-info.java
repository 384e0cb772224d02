/** What tests stand on: real browsers, servers and stand-ins. */
@NullMarked
package io.rtaa.testsupport;

import org.jspecify.annotations.NullMarked;
