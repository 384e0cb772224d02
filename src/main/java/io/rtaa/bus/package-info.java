/** What every bus keeps to: topics, metrics, the names of sinks and the placeholder for one. */
@NullMarked
package io.rtaa.bus;

import org.jspecify.annotations.NullMarked;
