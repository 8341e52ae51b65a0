/**
 * Products of matrices by OpenBLAS, whole ({@link org.einscale.tensor.blas.Gemm}) or in pieces that suit it better ({@link
 * org.einscale.tensor.blas.SmallGemm}), and what they cost.
 */
package org.einscale.tensor.blas;
