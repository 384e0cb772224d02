/** The reader's side: what is known of live and recent calls, who watches them, the API and the page. */
@NullMarked
package io.rtaa.dashboard;

import org.jspecify.annotations.NullMarked;
