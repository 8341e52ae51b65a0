/**
 * The inner loops of the packed product: two panels in, a tile of sums out, which stay in registers
 * ({@link org.einscale.tensor.packed.tile.Tile}). The code of a tile is written when its
 * shape is first needed.
 */
package org.einscale.tensor.packed.tile;
