/** Who may come in: the steps of the routes of handshakes, and the tokens, credentials and lists they judge by. */
@NullMarked
package io.rtaa.edge.security;

import org.jspecify.annotations.NullMarked;
