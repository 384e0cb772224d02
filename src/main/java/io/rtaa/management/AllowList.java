package io.rtaa.management;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.rtaa.call.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Set;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Which attributes and operations of which managed beans operators reach; all others are refused. The file
 * {@value #FILE} beside this class holds it.
 *
 * <p>Thread-safety: immutable.
 */
final class AllowList {

    static final String FILE = "allow-list.yaml";

    /**
     * What is allowed of some beans.
     *
     * @param beans patterns of their names
     * @param read the attributes that may be read
     * @param look the operations that change nothing, for both roles, each with the types of its parameters
     * @param operate the operations for admins, each with the types of its parameters
     */
    record Entry(List<String> beans, Set<String> read, Set<String> look, Set<String> operate) {

        Entry(
                @JsonProperty(value = "beans", required = true) List<String> beans,
                @JsonProperty("read") @Nullable Set<String> read,
                @JsonProperty("look") @Nullable Set<String> look,
                @JsonProperty("operate") @Nullable Set<String> operate) {
            this.beans = List.copyOf(beans);
            this.read = orNone(read);
            this.look = orNone(look);
            this.operate = orNone(operate);
        }

        private static Set<String> orNone(@Nullable Set<String> names) {
            return names == null ? Set.of() : Set.copyOf(names);
        }
    }

    private record Rule(List<ObjectName> beans, Entry entry) {

        boolean isOf(ObjectName bean) {
            return beans.stream().anyMatch(pattern -> pattern.apply(bean));
        }
    }

    private final List<Rule> rules;

    private AllowList(List<Rule> rules) {
        this.rules = rules;
    }

    /** Reads the list. */
    static AllowList read() {
        try (InputStream file = AllowList.class.getResourceAsStream(FILE)) {
            ObjectMapper mapper = new ObjectMapper(new YAMLFactory());
            List<Entry> entries = mapper.readerForListOf(Entry.class).readValue(file);
            return new AllowList(entries.stream()
                    .map(entry ->
                            new Rule(entry.beans().stream().map(AllowList::name).toList(), entry))
                    .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + FILE, e);
        }
    }

    private static ObjectName name(String pattern) {
        try {
            return new ObjectName(pattern);
        } catch (MalformedObjectNameException e) {
            throw new IllegalArgumentException(pattern + " in " + FILE + " is no name of beans", e);
        }
    }

    List<Entry> entries() {
        return rules.stream().map(Rule::entry).toList();
    }

    /** Whether anything of a bean is allowed. */
    boolean names(ObjectName bean) {
        return rules.stream().anyMatch(rule -> rule.isOf(bean));
    }

    boolean mayRead(ObjectName bean, String attribute) {
        return rules.stream().anyMatch(rule -> rule.entry().read().contains(attribute) && rule.isOf(bean));
    }

    /**
     * @param operation with the types of its parameters, as in {@code stop(long)}; without them only where the bean
     *     has one operation of that name, which Jolokia sees to
     */
    boolean mayInvoke(Role role, ObjectName bean, String operation) {
        return rules.stream()
                .anyMatch(rule -> (names(rule.entry().look(), operation)
                                || (role == Role.ADMIN && names(rule.entry().operate(), operation)))
                        && rule.isOf(bean));
    }

    private static boolean names(Set<String> listed, String operation) {
        return listed.contains(operation)
                || (operation.indexOf('(') < 0 && listed.stream().anyMatch(each -> each.startsWith(operation + "(")));
    }
}
