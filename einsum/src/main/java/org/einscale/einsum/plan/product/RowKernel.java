package org.einscale.einsum.plan.product;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.einscale.einsum.plan.loop.LoopBody;
import org.einscale.einsum.plan.product.Loop.Kind;
import org.einscale.einsum.plan.tape.Target;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Kernels;

/**
 * Products of rows as they lie in memory. Best where there is little to reuse: vectors, a matrix and a vector, many tiny
 * matrices.
 *
 * @param vector
 *            the loop along which rows run
 * @param rows
 *            the loop over rows
 * @param most
 *            rows, or elements of them, that the kernels take at once
 */
public record RowKernel(Kernels kernels, Form form, Loop vector, Loop rows, int most) implements PairKernel {
    private static final double CALL = 8;
    /** How many times slower float64 is, which has no vector kernels. */
    private static final double WITHOUT_VECTORS = 4;

    /** Which kernel runs over the rows. */
    enum Form {
        /** Products summed along a contracted loop: dot products, matrix times vector. */
        ALONG("dot", 4.2),
        /** Products of elements along a batch loop, summed over rows. */
        DOWN("multiply-and-sum", 1),
        /** Rows of the right operand, each times an element of the left, summed: transposed matrix times vector, outer product. */
        SCALED("scale-and-sum", 0.8);

        private final String text;
        private final double nanosecondsPerRow;

        Form(String text, double nanosecondsPerRow) {
            this.text = text;
            this.nanosecondsPerRow = nanosecondsPerRow;
        }
    }

    /** All choices of loops that the kernels can take as rows. */
    static List<PairChoice> choices(List<Loop> loops, Target target) {
        List<PairChoice> choices = new ArrayList<>();
        for (boolean swapped : new boolean[]{false, true}) {
            List<Loop> seen = swapped ? loops.stream().map(Loop::swapped).toList() : loops;
            for (Loop vector : seen) {
                form(vector).ifPresent(form -> {
                    for (Loop rows : rows(form, seen)) {
                        if (!rows.equals(vector)) {
                            choices.add(new PairChoice(swapped,
                                    new RowKernel(target.kernels(), form, vector, rows, target.most()),
                                    Loop.without(seen, vector, rows)));
                        }
                    }
                });
            }
        }
        return choices;
    }

    private static Optional<Form> form(Loop vector) {
        return switch (vector.kind()) {
            case CONTRACTED -> vector.a() == 1 && vector.b() == 1 ? Optional.of(Form.ALONG) : Optional.empty();
            case BATCH -> vector.a() == 1 && vector.b() == 1 && vector.c() == 1
                    ? Optional.of(Form.DOWN)
                    : Optional.empty();
            case RIGHT -> vector.b() == 1 && vector.c() == 1 ? Optional.of(Form.SCALED) : Optional.empty();
            case LEFT -> Optional.empty();
        };
    }

    /** Loops that can be the rows: those of the result, each row with a place of its own, or those that add up. */
    private static List<Loop> rows(Form form, List<Loop> loops) {
        if (form != Form.ALONG) {
            return Loop.optional(loops, Kind.CONTRACTED);
        }
        List<Loop> rows = Loop.optional(loops, Kind.LEFT);
        rows.addAll(Loop.of(loops, Kind.BATCH));
        return rows;
    }

    @Override
    public LoopBody body() {
        return (base, a, b, c, add) -> run(a, b, c, add);
    }

    private void run(long a, long b, long c, boolean add) {
        int bytes = kernels.precision().bytes();
        for (long r = 0; r < rows.rounds(); r += most) {
            int count = (int) Math.min(most, rows.rounds() - r);
            for (long j = 0; j < vector.rounds(); j += most) {
                part(a + (r * rows.a() + j * vector.a()) * bytes, b + (r * rows.b() + j * vector.b()) * bytes,
                        c + (r * rows.c() + j * vector.c()) * bytes, count, (int) Math.min(most, vector.rounds() - j),
                        add || (form == Form.ALONG ? j : r) > 0);
            }
        }
    }

    private void part(long a, long b, long c, int count, int n, boolean add) {
        switch (form) {
            case ALONG -> kernels.multiplySumColumns(c, rows.c(), a, rows.a(), b, rows.b(), count, n, add);
            case DOWN -> kernels.multiplySumRows(c, a, rows.a(), b, rows.b(), count, n, add);
            case SCALED -> kernels.scaleSumRows(c, a, rows.a(), b, rows.b(), count, n, add);
        }
    }

    @Override
    public String call() {
        return form.text + " " + rows.rounds() + "x" + vector.rounds();
    }

    @Override
    public double longestSum() {
        return (double) GemmKernel.MOST_ADDED * (form == Form.ALONG ? vector : rows).rounds();
    }

    @Override
    public double nanoseconds(Estimates estimates) {
        int lanes = estimates.profile().vectors().lanes();
        double padded = Math.ceilDiv(vector.rounds(), lanes) * lanes;
        double row = padded * (kernels.precision() == Precision.FLOAT ? 1 : WITHOUT_VECTORS) / estimates.rates().rows();
        double stored = form == Form.ALONG ? rows.rounds() / estimates.rates().rows() : row;
        return CALL + stored + rows.rounds() * (form.nanosecondsPerRow + row);
    }
}
