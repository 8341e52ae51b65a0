/**
 * The packed product: a contraction of two tensors of any layout, which packs blocks of them into panels that stay in the caches,
 * multiplies these in tiles, and writes each tile where it belongs ({@link org.einscale.tensor.packed.PackedProduct}).
 */
package org.einscale.tensor.packed;
