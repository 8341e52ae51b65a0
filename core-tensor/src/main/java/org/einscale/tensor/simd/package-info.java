/**
 * What all code of the Vector API shares: the vectors of this JVM and constants of them ({@link org.einscale.tensor.simd.Lanes}),
 * the exponential function, fills and copies, and loops that are made when needed: one for each function
 * ({@link org.einscale.tensor.simd.Copies}) or shape ({@link org.einscale.tensor.simd.VectorCode}). Loaded only where {@link org.einscale.tensor.profile.Flags#VECTORS} says so.
 */
package org.einscale.tensor.simd;
