package io.rtaa.bench.load;

import java.net.URI;

/**
 * One call to place.
 *
 * @param door the address to call
 * @param number tells it from every other call of a run
 * @param firstDueNanos when its first frame is due, on {@link System#nanoTime}'s clock
 * @param frames how many frames it sends
 * @param dropped whether its connection then goes without a word, instead of a stop and a close
 */
record PlannedCall(URI door, int number, long firstDueNanos, long frames, boolean dropped) {}
