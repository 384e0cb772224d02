/** What holds for every route: how route files load, and what becomes of an event whose step fails. */
@NullMarked
package io.rtaa.routes;

import org.jspecify.annotations.NullMarked;
