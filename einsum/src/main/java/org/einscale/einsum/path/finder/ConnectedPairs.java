package org.einscale.einsum.path.finder;

/**
 * All pairs of disjoint connected sets of nodes with an edge between them, each pair once and after all pairs within its
 * sets (Moerkotte and Neumann 2006, "Analysis of two existing and one new dynamic programming algorithm for the generation
 * of optimal bushy join trees without cross products"). Sets are the bits of a long.
 */
public final class ConnectedPairs {

    /** Takes a pair of sets. */
    @FunctionalInterface
    interface Visitor {
        void visit(long one, long other);
    }

    private final long[] neighbours;
    private final Visitor visitor;
    private long work;

    /**
     * @param neighbours
     *            of each node
     * @param work
     *            how many sets and pairs may be looked at
     */
    ConnectedPairs(long[] neighbours, Visitor visitor, long work) {
        this.neighbours = neighbours;
        this.visitor = visitor;
        this.work = work;
    }

    /** Visits the pairs and returns what is left of the work; negative if it ran out before all were visited. */
    long enumerate() {
        for (int node = neighbours.length - 1; node >= 0; node--) {
            others(1L << node);
            grow(1L << node, upTo(node), 0);
        }
        return work;
    }

    /** Visits all connected sets that are larger than a set by nodes that are not excluded. */
    private void grow(long set, long excluded, long partner) {
        long border = border(set) & ~excluded;
        for (long part = -border & border; part != 0 && work >= 0; part = (part - border) & border) {
            emit(set | part, partner);
        }
        for (long part = -border & border; part != 0 && work >= 0; part = (part - border) & border) {
            grow(set | part, excluded | border, partner);
        }
    }

    private void emit(long set, long partner) {
        work--;
        if (partner == 0) {
            others(set);
        } else {
            visitor.visit(partner, set);
        }
    }

    /** Visits all pairs of a set with one whose nodes all come after the set's first. */
    private void others(long set) {
        long excluded = upTo(Long.numberOfTrailingZeros(set)) | set;
        long border = border(set) & ~excluded;
        for (long rest = border; rest != 0 && work >= 0;) {
            int node = Long.SIZE - 1 - Long.numberOfLeadingZeros(rest);
            rest ^= 1L << node;
            emit(1L << node, set);
            grow(1L << node, excluded | (upTo(node) & border), set);
        }
    }

    private long border(long set) {
        long border = 0;
        for (long rest = set; rest != 0; rest &= rest - 1) {
            border |= neighbours[Long.numberOfTrailingZeros(rest)];
        }
        return border & ~set;
    }

    /** The nodes up to one, itself included. */
    private static long upTo(int node) {
        return -1L >>> (Long.SIZE - 1 - node);
    }
}
