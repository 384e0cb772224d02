/** Proves with the real Prometheus and Alertmanager that each alert fires by its fault, resolves, and none fires without one. */
@NullMarked
package io.rtaa.alerts;

import org.jspecify.annotations.NullMarked;
