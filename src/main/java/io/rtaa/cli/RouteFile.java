package io.rtaa.cli;

/**
 * A file of routes to check.
 *
 * @param name how faults name it
 * @param text what is in it
 */
record RouteFile(String name, String text) {}
