/**
 * The index language: from a string to an {@link org.einscale.einsum.equation.Equation} (axes, no sizes), and from that and
 * the operands' shapes to a {@link org.einscale.einsum.equation.Binding} (which elementary axes each array is composed of,
 * and their sizes). Characters and numbers only: no tensors, no programs.
 */
package org.einscale.einsum.equation;
