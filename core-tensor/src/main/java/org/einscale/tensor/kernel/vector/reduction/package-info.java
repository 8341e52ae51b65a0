/**
 * Reductions and sums of products in float32, over rows or along them, by vectors. However long, a sum is made of partial sums of
 * at most {@link org.einscale.tensor.kernel.vector.reduction.PartialSums#ROWS} terms.
 */
package org.einscale.tensor.kernel.vector.reduction;
