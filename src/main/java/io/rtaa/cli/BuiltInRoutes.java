package io.rtaa.cli;

import io.rtaa.routes.RouteFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

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
        List<RouteFile> files = new ArrayList<>();
        for (Resource resource : new PathMatchingResourcePatternResolver()
                .getResources("classpath*:routes/" + folder + "/*.camel.yaml")) {
            String url = resource.getURL().toString();
            files.add(new RouteFile(
                    url.substring(url.lastIndexOf("routes/")), resource.getContentAsString(StandardCharsets.UTF_8)));
        }
        files.sort(Comparator.comparing(RouteFile::name));
        return files;
    }
}
