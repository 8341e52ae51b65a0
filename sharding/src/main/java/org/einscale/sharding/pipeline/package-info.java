/** A training step cut into stages that different devices run, one part of the batch after the other. */
@org.jspecify.annotations.NullMarked
package org.einscale.sharding.pipeline;
