package io.rtaa.testsupport;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Reads files of YAML. */
public final class YamlFiles {

    private YamlFiles() {}

    /** Every document of a file, in its order. */
    public static List<JsonNode> readAll(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            List<JsonNode> documents = new ArrayList<>();
            ObjectMapper mapper = new ObjectMapper();
            new Yaml(new SafeConstructor(new LoaderOptions()))
                    .loadAll(reader)
                    .forEach(document -> documents.add(mapper.valueToTree(document)));
            return documents;
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }

    /** The one document of a file. */
    public static JsonNode read(Path file) {
        try (Reader reader = Files.newBufferedReader(file)) {
            Object document = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
            return new ObjectMapper().valueToTree(document);
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }
}
