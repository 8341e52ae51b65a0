package org.einscale.experiments.explain;

import java.util.List;
import java.util.Map;

/**
 * A training step as a program; {@link StepTable} is its text, and the components are made to be written as JSON.
 *
 * @param experiment
 *            the name of its file
 * @param after
 *            the last pass applied: none for the program as written, plan for the calls that it becomes
 * @param layer
 *            whose statements are listed, empty for all
 * @param sizes
 *            of the axes, in elements
 * @param blocks
 *            in the order in which they run
 * @param flops
 *            of the statements listed, as are the bytes that follow
 * @param bytesRead
 *            of tensors, each counted once a statement or call
 * @param bytesWritten
 *            likewise
 * @param stepFlops
 *            of all statements
 * @param planBytes
 *            memory that the plan of the whole step takes
 */
public record StepReport(String experiment, String after, String layer, Map<String, Integer> sizes,
        List<Block> blocks, double flops, double bytesRead, double bytesWritten, double stepFlops, long planBytes) {

    /**
     * What runs together: one statement, or several that share a loop.
     *
     * @param calls
     *            that the statements become; empty but for a plan
     */
    public record Block(boolean together, List<Line> statements, List<Call> calls) {}

    /**
     * A statement.
     *
     * @param shape
     *            of its result, in elements
     */
    public record Line(String text, List<Integer> shape, double flops, double bytesRead, double bytesWritten) {}

    /** A call of a kernel, or of several in a loop. */
    public record Call(String text, double flops, double bytesRead, double bytesWritten) {}
}
