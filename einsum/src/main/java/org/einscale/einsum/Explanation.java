package org.einscale.einsum;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.run.BoundProgram;
import org.einscale.einsum.run.Routine;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * What a compiled einsum does, step by step, for row-major arrays. {@link #toString} is a table; the components are made to be
 * written as JSON.
 *
 * @param equation
 *            the einsum
 * @param sizes
 *            of its axes, in elements
 * @param slices
 *            axes that are taken one value at a time to keep to a limit of memory, with their sizes
 * @param steps
 *            in the order in which they run, for one slice
 * @param naiveFlops
 *            of one loop over all axes for each result: as many for each point as there are factors
 * @param flops
 *            of all steps in all slices, as are the sums that follow
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
public record Explanation(String equation, Map<String, Integer> sizes, Map<String, Integer> slices, List<Step> steps,
        double naiveFlops, double flops, double bytesRead, double bytesWritten, double bytesCopied, double bytesGiven,
        long bytesBetween) {

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
    public record Step(String contraction, String kind, String call, List<String> scaling, double flops,
            double bytesRead, double bytesWritten, double bytesCopied) {}

    public Explanation {
        slices = Collections.unmodifiableMap(new LinkedHashMap<>(slices));
        steps = List.copyOf(steps);
    }

    /**
     * @param factors
     *            tensors that each result is a sum of products of
     */
    static Explanation of(String equation, int factors, Routine routine) {
        BoundProgram bound = routine.bound();
        Sizes sizes = bound.binding().sizes();
        Map<String, Integer> slices = new LinkedHashMap<>();
        bound.slices().forEach((axis, size) -> slices.put(axis.name(), size));
        double times = slices.values().stream().mapToDouble(size -> size).reduce(1, (x, y) -> x * y);
        Map<String, Integer> named = sizes.axes().stream().collect(Collectors.toMap(Axis::name, sizes::of));
        List<Step> steps = routine.plan().lines().stream().map(line -> step(line, bound.sizes())).toList();
        double given = bound.arguments().stream().mapToDouble(argument -> sizes.points(argument.value().axes())).sum();
        return new Explanation(equation, new TreeMap<>(named), slices, steps,
                (double) factors * bound.results().size() * sizes.points(sizes.axes()),
                times * sum(steps, Step::flops),
                times * sum(steps, Step::bytesRead), times * sum(steps, Step::bytesWritten),
                times * sum(steps, Step::bytesCopied), given * bound.precision().bytes(),
                routine.plan().bytes());
    }

    private static double sum(List<Step> steps, ToDoubleFunction<Step> number) {
        return steps.stream().mapToDouble(number).sum();
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
