/** How one einsum or a training step is shared by the devices of a mesh, as a report, a table and drawings. */
package org.einscale.experiments.shard;
