/**
 * Dot products: a contraction of two tensors that are contiguous along an axis that is summed over, so that neither is transposed
 * ({@link org.einscale.tensor.dot.DotProducts}). Uses the tables of offsets and the memory of the packed product.
 */
package org.einscale.tensor.dot;
