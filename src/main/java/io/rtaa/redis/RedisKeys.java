package io.rtaa.redis;

import io.rtaa.call.StreamId;
import java.util.List;

/**
 * The names of everything the bus has in Redis. What belongs to one partition has its number as hash tag, so that a script may
 * use it all.
 *
 * <p>Thread-safety: does not change.
 */
final class RedisKeys {

    private final String prefix;
    private final int partitions;

    /**
     * @param prefix the first part of every name
     * @param partitions how many there are
     */
    RedisKeys(String prefix, int partitions) {
        this.prefix = prefix;
        this.partitions = partitions;
    }

    int partitions() {
        return partitions;
    }

    String prefix() {
        return prefix;
    }

    /** The partition of everything about a stream; the same in every process. */
    int partitionOf(StreamId stream) {
        int hash = stream.tenantId().hashCode() * 31 + stream.interactionId().hashCode();
        // Names that differ in their last letters only have neighbouring hashes; this is MurmurHash3's last step.
        hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
        return Math.floorMod(hash ^ (hash >>> 16), partitions);
    }

    /** Holds the number of partitions, for all processes. */
    String partitionCount() {
        return prefix + ":partitions";
    }

    /** Who reads a topic for a group, by when it last said so. */
    String workers(String topic, String group) {
        return prefix + ":workers:" + topic + ":" + group;
    }

    /** A topic's entries. */
    String log(String topic, int partition) {
        return in(partition) + topic;
    }

    /** The groups that read a topic. */
    String groups(String topic, int partition) {
        return in(partition) + "groups:" + topic;
    }

    /** A group's {@code position}, and the {@code fence} that is the token of its last lease; the scripts make this name too. */
    String record(String topic, int partition, String group) {
        return log(topic, partition) + ":" + group;
    }

    /** Who reads a partition for a group; gone when it is nobody's. */
    String lease(String topic, int partition, String group) {
        return record(topic, partition, group) + ":lease";
    }

    /** Partials, which are not kept. */
    String partials(int partition) {
        return in(partition) + "partials";
    }

    /** Signs that a worker still has a call, which are not kept; the version before reads no such name. */
    String keepAlives(int partition) {
        return in(partition) + "keep-alives";
    }

    /** The names of the calls that are not over. */
    String live(int partition) {
        return in(partition) + "live";
    }

    /** How far a call came. */
    String call(StreamId stream) {
        return in(partitionOf(stream)) + "call:" + nameOf(stream);
    }

    /** The ids of a call's last events. */
    String recent(StreamId stream) {
        return in(partitionOf(stream)) + "recent:" + nameOf(stream);
    }

    /** The stream's name in one piece; no two streams have the same. */
    static String nameOf(StreamId stream) {
        return escaped(stream.tenantId()) + "/" + escaped(stream.interactionId());
    }

    /** The stream with such a name. */
    static StreamId streamOf(String name) {
        List<String> parts = List.of(name.split("/", -1));
        return new StreamId(unescaped(parts.get(0)), unescaped(parts.get(1)));
    }

    /** How many uses of a thing are taken; the version before reads no such name. */
    String uses(String id) {
        return prefix + ":uses:" + id;
    }

    private String in(int partition) {
        return prefix + ":{" + partition + "}:";
    }

    private static String escaped(String id) {
        return id.replace("%", "%25").replace("/", "%2F");
    }

    private static String unescaped(String part) {
        return part.replace("%2F", "/").replace("%25", "%");
    }
}
