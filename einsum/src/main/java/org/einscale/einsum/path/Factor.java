package org.einscale.einsum.path;

import java.util.List;

/**
 * An operand or a product of some, as a search sees it.
 *
 * @param axes
 *            those that the output or another factor needs
 * @param elements
 *            number of elements
 * @param storage
 *            numbers of the axes longer than 1 in storage order, slowest first; empty for what the contraction makes
 *            itself, which is laid out for its next use
 */
public record Factor(AxisSet axes, double elements, List<Integer> storage) {}
