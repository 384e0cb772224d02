package io.rtaa.routes;

/**
 * A file of routes and policies.
 *
 * @param name how messages name it: its path as the operator wrote it, or its URL
 * @param text what is in it
 */
public record RouteFile(String name, String text) {}
