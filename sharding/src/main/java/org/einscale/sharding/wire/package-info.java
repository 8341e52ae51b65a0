/** Bytes between processes. Knows neither programs nor actors. */
@org.jspecify.annotations.NullMarked
package org.einscale.sharding.wire;
