/**
 * What holds for every route: where route files are found, how they load, what becomes of an event whose step fails,
 * and what is measured.
 */
@NullMarked
package io.rtaa.routes;

import org.jspecify.annotations.NullMarked;
