/**
 * The inner loops of the packed product: two panels in, a tile of sums out, which stay in registers
 * ({@link org.einscale.tensor.packed.tile.Tile}). A class for each size of tile.
 */
package org.einscale.tensor.packed.tile;
