/** What holds for every route: how route files load. */
@NullMarked
package io.rtaa.routes;

import org.jspecify.annotations.NullMarked;
