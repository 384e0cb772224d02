package io.rtaa.redis;

/**
 * A place in a log: the id of one of its entries.
 *
 * @param millis when the entry was added, epoch milliseconds by Redis's clock
 * @param number tells apart what was added in the same millisecond
 * @see <a href="https://redis.io/docs/latest/develop/data-types/streams/#entry-ids">Entry ids</a>, read 2025-11
 */
record Position(long millis, long number) implements Comparable<Position> {

    /** Before every entry. */
    static final Position START = new Position(0, 0);

    static Position of(String id) {
        int dash = id.indexOf('-');
        return new Position(Long.parseLong(id, 0, dash, 10), Long.parseLong(id, dash + 1, id.length(), 10));
    }

    boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Position other) {
        int byTime = Long.compare(millis, other.millis);
        return byTime != 0 ? byTime : Long.compare(number, other.number);
    }

    /** The id as Redis writes it. */
    @Override
    public String toString() {
        return millis + "-" + number;
    }
}
