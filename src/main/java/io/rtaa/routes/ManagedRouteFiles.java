package io.rtaa.routes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.api.management.ManagedAttribute;
import org.apache.camel.api.management.ManagedOperation;
import org.apache.camel.api.management.ManagedResource;

/**
 * What operators see of the route files of this process: each as it was read, with its placeholders as they stand in
 * it.
 *
 * <p>Thread-safety: files are set once, before the beans are reached; then any thread.
 */
@ManagedResource(description = "The route files of this process, as they were loaded")
public final class ManagedRouteFiles {

    private volatile Map<String, RouteFile> files = Map.of();

    /** Sets the files, in the order they were loaded. */
    public void loaded(List<RouteFile> routeFiles) {
        Map<String, RouteFile> byName = new LinkedHashMap<>();
        routeFiles.forEach(file -> byName.put(file.name(), file));
        files = byName;
    }

    @ManagedAttribute(
            description =
                    "The names of the files, in the order they were loaded; a later route replaces one of the same id")
    public List<String> getFiles() {
        return new ArrayList<>(files.keySet());
    }

    /**
     * The text of a file.
     *
     * @throws IllegalArgumentException if no file of this name was loaded
     */
    @ManagedOperation(description = "The YAML of a file, by its name")
    public String yaml(String name) {
        RouteFile file = files.get(name);
        if (file == null) {
            throw new IllegalArgumentException("no file of this name was loaded; the attribute Files has all names");
        }
        return file.text();
    }
}
