/** What every bus has to keep to, and each bus held to it. */
@NullMarked
package io.rtaa.bus;

import org.jspecify.annotations.NullMarked;
