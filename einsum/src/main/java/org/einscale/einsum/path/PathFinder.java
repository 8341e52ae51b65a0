package org.einscale.einsum.path;

/**
 * Decides in which order the operands of a contraction meet. Pure search: axes and sizes, no tensors. A finder is
 * deterministic: equal networks have equal paths.
 */
@FunctionalInterface
public interface PathFinder {

    /**
     * A path that turns all operands of the network into one; without meetings if it has one operand.
     *
     * @throws IllegalArgumentException if the network has more operands than an exact search can take, naming a finder
     *             that can
     */
    Path find(Network network);
}
