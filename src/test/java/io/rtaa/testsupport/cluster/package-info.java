/** Real processes for tests that need several: rtaa itself, Redis, Kafka, and a line between them that can be cut. */
@NullMarked
package io.rtaa.testsupport.cluster;

import org.jspecify.annotations.NullMarked;
