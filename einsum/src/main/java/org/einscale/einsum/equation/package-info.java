/**
 * The index language: from a string to an {@link org.einscale.einsum.equation.Equation}, of axes without sizes, or an error
 * that says what would be right. Characters only: no tensors, no programs.
 */
package org.einscale.einsum.equation;
