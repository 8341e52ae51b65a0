/** What devices in several processes reach. */
@org.jspecify.annotations.NullMarked
package org.einscale.bench.cluster;
