/** Devices on other machines: what they are told, where they come from, and what happens when they go. */
@org.jspecify.annotations.NullMarked
package org.einscale.experiments.cluster;
