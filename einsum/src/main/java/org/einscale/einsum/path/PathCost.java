package org.einscale.einsum.path;

/**
 * What a path costs, in three terms. Sums within an operand before the first meeting are the same on every path and are not
 * counted.
 *
 * @param flops
 *            floating-point operations, two for each point of a meeting's index space
 * @param bytesWritten
 *            of all products, the result among them, as float32
 * @param bytesCopied
 *            an estimate: of operands whose storage order keeps a matrix product from reading them in place
 */
public record PathCost(double flops, double bytesWritten, double bytesCopied) {
    /**
     * How many floating-point operations take as long as one byte written: one core here multiplies matrices at about 100
     * FLOPs a nanosecond and writes about 4 float32 elements in one.
     */
    public static final double FLOPS_PER_BYTE = 100.0 / (4 * Float.BYTES);

    static final PathCost NOTHING = new PathCost(0, 0, 0);

    /**
     * The cost of a path.
     *
     * @throws IllegalArgumentException if the path is not one of the network
     */
    public static PathCost of(Network network, Path path) {
        return PartialPath.along(Graph.of(network), path).cost();
    }

    /** The terms in one unit: floating-point operations that take as long. This is what finders make small. */
    public double total() {
        return flops + FLOPS_PER_BYTE * (bytesWritten + bytesCopied);
    }

    PathCost plus(PathCost other) {
        return new PathCost(flops + other.flops, bytesWritten + other.bytesWritten, bytesCopied + other.bytesCopied);
    }

    public static PathCost of(Graph graph, Factor first, Factor second, Factor product) {
        return new PathCost(flops(graph, first, second), bytesWritten(product),
                bytesCopied(first, second, product) + bytesCopied(second, first, product));
    }

    /** What a meeting costs in total or less, cheaper to compute: no side has more elements than its index space has points. */
    public static double atLeast(Graph graph, Factor first, Factor second, Factor product) {
        double points = graph.someAxisIsEmpty() ? 0 : Math.max(first.elements(), second.elements());
        return 2 * points + FLOPS_PER_BYTE * bytesWritten(product);
    }

    static double flops(Graph graph, Factor first, Factor second) {
        return 2 * graph.volume(first.axes(), second.axes());
    }

    static double bytesWritten(Factor product) {
        return product.elements() * Float.BYTES;
    }

    /**
     * A matrix product reads an operand in place when, batch axes aside, its contracted axes lie in one block and those it
     * keeps in another, and the fastest axis is of either.
     */
    static double bytesCopied(Factor operand, Factor other, Factor product) {
        int blocks = 0;
        boolean contractedBefore = false;
        boolean batchFastest = false;
        for (int axis : operand.storage()) {
            boolean contracted = !product.axes().has(axis);
            batchFastest = !contracted && other.axes().has(axis);
            if (!batchFastest && (blocks == 0 || contracted != contractedBefore)) {
                blocks++;
                contractedBefore = contracted;
            }
        }
        boolean inPlace = blocks < 2 || (blocks == 2 && !batchFastest);
        return inPlace ? 0 : operand.elements() * Float.BYTES;
    }
}
