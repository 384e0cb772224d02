package io.rtaa.cli;

import io.rtaa.routes.RouteFile;
import io.rtaa.routes.RouteFileFinder;
import java.io.IOException;
import java.util.List;

/** The route files that the service brings. */
final class BuiltInRoutes {

    private BuiltInRoutes() {}

    static List<RouteFile> all() throws IOException {
        return find("**");
    }

    /** Those with the policies that every route may name. */
    static List<RouteFile> shared() throws IOException {
        return find("shared");
    }

    private static List<RouteFile> find(String folder) throws IOException {
        return RouteFileFinder.find(List.of("classpath*:routes/" + folder + "/*" + RouteFileFinder.SUFFIX), none -> {})
                .stream()
                .map(file -> new RouteFile(file.name().substring(file.name().lastIndexOf("routes/")), file.text()))
                .toList();
    }
}
