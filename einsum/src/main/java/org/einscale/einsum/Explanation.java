package org.einscale.einsum;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.program.Program;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;

/**
 * What a compiled einsum does, step by step, for row-major arrays. {@link #toString} is a table; the components are made to be
 * written as JSON.
 *
 * @param equation
 *            the einsum
 * @param sizes
 *            of its axes, in elements
 * @param steps
 *            in the order in which they run
 * @param naiveFlops
 *            of one loop over all axes for each result: as many for each point as there are factors
 * @param flops
 *            of all steps
 * @param bytesRead
 *            of tensors, each counted once a step
 * @param bytesWritten
 *            likewise
 * @param bytesCopied
 *            of those written, the ones only to have elements in another layout
 * @param bytesGiven
 *            of operands and results
 * @param bytesBetween
 *            most memory that intermediate results, copies and scratch take at once
 */
public record Explanation(String equation, Map<String, Integer> sizes, List<Step> steps, double naiveFlops,
        double flops, double bytesRead, double bytesWritten, double bytesCopied, long bytesGiven, long bytesBetween) {

    /**
     * A step.
     *
     * @param contraction
     *            the pair of operands, or the single one, that it belongs to
     * @param kind
     *            class of the index space
     * @param call
     *            what is called
     * @param scaling
     *            the axes whose sizes multiply to the work
     */
    public record Step(String contraction, String kind, String call, List<String> scaling, long flops, long bytesRead,
            long bytesWritten, long bytesCopied) {}

    public Explanation {
        steps = List.copyOf(steps);
    }

    static Explanation of(String equation, Problem problem, Plan plan, Precision precision) {
        Sizes sizes = problem.sizes();
        Map<String, Integer> named = sizes.axes().stream().collect(Collectors.toMap(Axis::name, sizes::of));
        List<Step> steps = plan.lines().stream().map(line -> step(line, sizes)).toList();
        Program program = problem.program();
        double given = problem.varying().stream().mapToDouble(value -> sizes.volume(value.axes())).sum();
        double factors = program.inputs().size();
        return new Explanation(equation, new TreeMap<>(named), steps,
                factors * program.outputs().size() * sizes.volume(sizes.axes()),
                steps.stream().mapToDouble(Step::flops).sum(), steps.stream().mapToDouble(Step::bytesRead).sum(),
                steps.stream().mapToDouble(Step::bytesWritten).sum(),
                steps.stream().mapToDouble(Step::bytesCopied).sum(), (long) given * precision.bytes(), plan.bytes());
    }

    private static Step step(Plan.Line line, Sizes sizes) {
        Optional<PairAxes> axes = line.statement().flatMap(PairAxes::of);
        return new Step(axes.map(PairAxes::equation).or(() -> line.statement().map(s -> s.operation().toString()))
                .orElse("result"), axes.map(a -> a.kind(sizes)).orElse(line.work().copied() > 0 ? "copy" : "pointwise"),
                line.work().call(), axes.map(PairAxes::all).orElse(List.of()), line.work().flops(), line.work().read(),
                line.work().written(), line.work().copied());
    }

    /** A line for each step, then the totals. */
    @Override
    public String toString() {
        return new ExplanationTable(this).toString();
    }
}
