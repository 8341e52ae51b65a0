/**
 * Every inner loop that is not a matrix product: what {@link org.einscale.tensor.kernel.Kernels} promise, and the functions that
 * they are of. The plain kernels, which define them, are in {@code scalar}, the fast ones in {@code vector}.
 */
package org.einscale.tensor.kernel;
