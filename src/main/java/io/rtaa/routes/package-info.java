/**
 * What holds for every route: where route files are found, how they load, and what becomes of an event whose step
 * fails.
 */
@NullMarked
package io.rtaa.routes;

import org.jspecify.annotations.NullMarked;
