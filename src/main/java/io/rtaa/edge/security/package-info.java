/** Who may come in: tokens, Basic credentials, allow-lists, the guards of the doors and the role step of the routes. */
@NullMarked
package io.rtaa.edge.security;

import org.jspecify.annotations.NullMarked;
