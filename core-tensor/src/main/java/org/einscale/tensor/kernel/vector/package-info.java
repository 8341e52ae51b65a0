/**
 * The float32 kernels of the Vector API: pointwise functions, and what goes over rows. {@link
 * org.einscale.tensor.kernel.vector.FastKernels} hands them out where the JVM has vectors.
 */
package org.einscale.tensor.kernel.vector;
