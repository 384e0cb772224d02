package io.rtaa.dashboard;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rtaa.routes.LogThrottle;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The dashboard's page and the modules it is made of, all from the class path: nothing is built, nothing comes from
 * another host. The page imports Lit by its bare name; the import map for that is made from those inside Lit's jars and
 * stands in the page, allowed by its hash alone, since browsers take import maps only inline. The script that has to
 * run before anything is loaded stands there in the same way.
 *
 * <p>Nothing in the page depends on the request: every address in it is relative, and the page finds out itself below
 * which path it lives. So no header from outside gets into it.
 *
 * <p>Thread-safety: handlers run on any number of event loops.
 */
public final class DashboardPage {

    private static final Logger LOG = LoggerFactory.getLogger(DashboardPage.class);

    private static final String WEB = "web/";
    private static final String INDEX = "index.html";
    private static final String INLINE = "inline.js";
    private static final String INLINE_PLACE = "<!-- inline -->";
    private static final String IMPORT_MAP_PLACE = "<!-- import map -->";

    /** The page's own files, by name, with their content types. */
    private static final Map<String, String> FILES = Map.of(
            INDEX,
            "text/html; charset=utf-8",
            "style.css",
            "text/css; charset=utf-8",
            "icon.svg",
            "image/svg+xml",
            "app.js",
            "text/javascript; charset=utf-8",
            "calls.js",
            "text/javascript; charset=utf-8",
            "connection.js",
            "text/javascript; charset=utf-8",
            "format.js",
            "text/javascript; charset=utf-8",
            "list.js",
            "text/javascript; charset=utf-8",
            "transcript.js",
            "text/javascript; charset=utf-8");

    /** The packages the page may import: Lit and what it is made of. */
    private static final List<String> PACKAGES = List.of("lit", "lit-html", "lit-element", "@lit/reactive-element");

    /** Where Lit's jars keep their files, below which their import maps point. */
    private static final String MODULES = "META-INF/resources";

    /**
     * Plain names between slashes, none starting with a dot, so that no path leads out of a package. It gives nothing
     * back ({@code *+}, {@code ++}), or thousands of names would overflow the stack.
     */
    private static final Pattern MODULE_PATH = Pattern.compile("(?:/[A-Za-z0-9_][A-Za-z0-9._-]*+)++(?<=\\.js)");

    /** The version is in a module's address, so what is there never changes. */
    private static final String FOR_EVER = "public, max-age=31536000, immutable";

    private final Map<String, StaticFile> files;
    private final List<String> moduleFolders;
    private final String contentSecurityPolicy;

    /** Modules once read; as many as the packages have files at most. */
    private final Map<String, StaticFile> modules = new ConcurrentHashMap<>();

    private final Executor workers;
    private final LogThrottle faults = new LogThrottle();

    /**
     * @param workers read the modules; where they refuse, the request is answered with 503
     * @throws IllegalStateException if the page's files or Lit's import maps are not on the class path
     */
    public DashboardPage(Executor workers) {
        this.workers = workers;
        Map<String, String> imports = imports();
        moduleFolders = imports.values().stream()
                .filter(path -> path.endsWith("/"))
                .distinct()
                .toList();
        String importMap = importMap(imports);
        String inline = "\n" + new String(required(INLINE), StandardCharsets.UTF_8);
        contentSecurityPolicy = "default-src 'none'; script-src 'self' " + hash(inline) + " " + hash(importMap)
                + "; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none';"
                + " frame-ancestors 'none'";
        files = new TreeMap<>();
        FILES.forEach((name, type) -> {
            byte[] bytes = required(name);
            if (name.equals(INDEX)) {
                String page = new String(bytes, StandardCharsets.UTF_8)
                        .replace(INLINE_PLACE, "<script>" + inline + "</script>")
                        .replace(IMPORT_MAP_PLACE, "<script type=\"importmap\">" + importMap + "</script>");
                bytes = page.getBytes(StandardCharsets.UTF_8);
            }
            files.put(name, new StaticFile(Buffer.buffer(bytes), type, etag(bytes)));
        });
    }

    /** Adds the page's routes: {@code /}, its files beside it, and Lit's modules below {@code /_static/}. */
    public void mount(Router router) {
        router.get("/").method(HttpMethod.HEAD).handler(ctx -> send(ctx, file(INDEX), "no-cache"));
        FILES.keySet().stream()
                .filter(name -> !name.equals(INDEX))
                .forEach(name -> router.get("/" + name)
                        .method(HttpMethod.HEAD)
                        .handler(ctx -> send(ctx, file(name), "no-cache")));
        router.get("/_static/*").method(HttpMethod.HEAD).handler(this::sendModule);
    }

    private record StaticFile(Buffer content, String contentType, String etag) {}

    private StaticFile file(String name) {
        StaticFile file = files.get(name);
        if (file == null) {
            throw new IllegalStateException("no " + name + " among the page's files");
        }
        return file;
    }

    private void sendModule(RoutingContext ctx) {
        // As it was sent: a path that needs decoding is none of ours.
        String path = belowPrefix(ctx.request().path(), ctx.mountPoint());
        if (!MODULE_PATH.matcher(path).matches() || moduleFolders.stream().noneMatch(path::startsWith)) {
            sendNotFound(ctx);
            return;
        }
        StaticFile known = modules.get(path);
        if (known != null) {
            send(ctx, known, FOR_EVER);
            return;
        }
        Context context = ctx.vertx().getOrCreateContext();
        try {
            workers.execute(() -> {
                try {
                    StaticFile module = module(path);
                    context.runOnContext(read -> sendModule(ctx, path, module));
                } catch (RuntimeException e) {
                    faults.atLevel(LOG, Level.ERROR)
                            .setCause(e)
                            .log("A module of the page could not be read: {}", path);
                    context.runOnContext(
                            failed -> ctx.response().setStatusCode(500).end());
                }
            });
        } catch (RejectedExecutionException e) {
            ctx.response().putHeader("Retry-After", "1").setStatusCode(503).end();
        }
    }

    private static String belowPrefix(String path, @Nullable String prefix) {
        return prefix != null && path.startsWith(prefix) ? path.substring(prefix.length()) : path;
    }

    private static @Nullable StaticFile module(String path) {
        Optional<byte[]> bytes = read(MODULES + path);
        return bytes.isEmpty()
                ? null
                : new StaticFile(Buffer.buffer(bytes.get()), "text/javascript; charset=utf-8", etag(bytes.get()));
    }

    private void sendModule(RoutingContext ctx, String path, @Nullable StaticFile module) {
        if (module == null) {
            sendNotFound(ctx);
            return;
        }
        modules.put(path, module);
        send(ctx, module, FOR_EVER);
    }

    private void send(RoutingContext ctx, StaticFile file, String cacheControl) {
        HttpServerResponse response = ctx.response();
        response.putHeader("Content-Security-Policy", contentSecurityPolicy)
                .putHeader("Cache-Control", cacheControl)
                .putHeader("ETag", file.etag());
        String known = ctx.request().getHeader("If-None-Match");
        if (known != null && known.contains(file.etag())) {
            response.setStatusCode(304).end();
            return;
        }
        response.putHeader("Content-Type", file.contentType()).end(file.content());
    }

    private static void sendNotFound(RoutingContext ctx) {
        ctx.response()
                .setStatusCode(404)
                .putHeader("Content-Type", "text/plain")
                .end("not found\n");
    }

    /** The import maps that lie in Lit's jars, cut to the packages the page may import. */
    private static Map<String, String> imports() {
        Map<String, String> imports = new TreeMap<>();
        try {
            for (URL map : Collections.list(loader().getResources("META-INF/importmap.json"))) {
                JsonNode entries;
                try (InputStream text = map.openStream()) {
                    entries = new ObjectMapper().readTree(text).path("imports");
                }
                for (String name : PACKAGES) {
                    for (String specifier : List.of(name, name + "/")) {
                        if (entries.has(specifier)) {
                            imports.put(specifier, entries.get(specifier).asText());
                        }
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("reading Lit's import maps failed", e);
        }
        for (String name : PACKAGES) {
            if (!imports.containsKey(name) || !imports.containsKey(name + "/")) {
                throw new IllegalStateException("no import map for " + name + " on the class path");
            }
        }
        return imports;
    }

    /** Addresses are made relative to the page, which may live below a prefix. */
    private static String importMap(Map<String, String> imports) {
        Map<String, String> relative = new TreeMap<>();
        imports.forEach((specifier, path) -> relative.put(specifier, "." + path));
        return new ObjectMapper().valueToTree(Map.of("imports", relative)).toString();
    }

    private static byte[] required(String name) {
        return read(WEB + name).orElseThrow(() -> new IllegalStateException("no " + WEB + name + " on the class path"));
    }

    private static Optional<byte[]> read(String resource) {
        try (InputStream in = loader().getResourceAsStream(resource)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("reading " + resource + " failed", e);
        }
    }

    private static ClassLoader loader() {
        return DashboardPage.class.getClassLoader();
    }

    /** What lets one inline script run. */
    private static String hash(String script) {
        return "'sha256-" + Base64.getEncoder().encodeToString(sha256(script.getBytes(StandardCharsets.UTF_8))) + "'";
    }

    private static String etag(byte[] content) {
        return '"' + Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(content)) + '"';
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
