package io.rtaa.routes;

/**
 * A file of routes and policies.
 *
 * @param name how faults name it
 * @param text what is in it
 */
public record RouteFile(String name, String text) {}
