/**
 * The Kafka bus: camel-kafka's endpoints, made so that a stream's audio is recognised by one process at a time and every
 * reader of transcripts sees the same events.
 */
@NullMarked
package io.rtaa.kafka;

import org.jspecify.annotations.NullMarked;
