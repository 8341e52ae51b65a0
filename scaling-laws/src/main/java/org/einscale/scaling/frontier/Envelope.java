package org.einscale.scaling.frontier;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.einscale.scaling.Point;
import org.einscale.scaling.law.Law;

/**
 * Training curves over compute, and the run that is lowest at each number of FLOPs: the first approach of Hoffmann et al. 2022, section
 * 3.1. Where that run is the smallest or the largest of those that have a loss there, the best size may lie beyond, and nothing is said.
 *
 * @param curves the evaluations of each run by compute, each with n and c
 */
public record Envelope(List<List<Point>> curves) {

    /** Of no curves, where losses in the course of training are not known. */
    public static final Envelope NONE = new Envelope(List.of());

    /** As many numbers of FLOPs as in the paper, evenly spaced in the logarithm. */
    private static final int SPACED = 1500;

    /**
     * The curves of runs.
     *
     * @param evaluations losses in the course of training, each with d and the name of its run
     * @param runs whole runs, each with its name, whose n a curve has, and whose FLOPs it has in proportion to its tokens; evaluations of others are left out
     */
    public static Envelope of(List<Point> evaluations, List<Point> runs) {
        Map<String, Point> byName = runs.stream()
                .collect(Collectors.toMap(Point::run, Function.identity(), (a, _) -> a));
        Map<String, List<Point>> curves = new LinkedHashMap<>();
        for (Point one : evaluations) {
            Point run = byName.get(one.run());
            if (run != null) {
                double c = Budgets.compute(run) / run.tokens() * one.tokens();
                curves.computeIfAbsent(one.run(), _ -> new ArrayList<>())
                        .add(new Point(Map.of("n", run.n(), "d", one.tokens(), "c", c), one.loss(), one.run()));
            }
        }
        return new Envelope(curves.values().stream().filter(curve -> curve.size() > 1)
                .map(curve -> curve.stream().sorted(Comparator.comparingDouble(Budgets::compute)).toList()).toList());
    }

    /** The same curves with the losses of a law. */
    Envelope by(Law law) {
        return new Envelope(curves.stream().map(curve -> Budgets.measured(law, curve)).toList());
    }

    /** The loss of each curve at each number of FLOPs, NaN where it does not reach. */
    Sampled sampled() {
        var range = curves.stream().flatMap(List::stream).mapToDouble(Budgets::compute).summaryStatistics();
        double[] flops = IntStream.range(0, SPACED)
                .mapToDouble(i -> range.getMin() * Math.pow(range.getMax() / range.getMin(), i / (SPACED - 1.0)))
                .toArray();
        return new Sampled(flops, curves.stream().map(curve -> losses(curve, flops)).toArray(double[][]::new),
                curves.stream().mapToDouble(curve -> curve.getFirst().n()).toArray());
    }

    /** Straight between evaluations on logarithmic axes. */
    private static double[] losses(List<Point> curve, double[] flops) {
        double[] losses = new double[flops.length];
        int next = 1;
        for (int i = 0; i < flops.length; i++) {
            while (next < curve.size() - 1 && Budgets.compute(curve.get(next)) < flops[i]) {
                next++;
            }
            double low = Budgets.compute(curve.get(next - 1));
            double high = Budgets.compute(curve.get(next));
            double share = Math.log(flops[i] / low) / Math.log(high / low);
            losses[i] = share < 0 || share > 1
                    ? Double.NaN
                    : curve.get(next - 1).loss()
                            * Math.pow(curve.get(next).loss() / curve.get(next - 1).loss(), share);
        }
        return losses;
    }

    /**
     * Curves at the same numbers of FLOPs.
     *
     * @param flops the numbers
     * @param losses of each curve at each
     * @param sizes of each curve
     */
    record Sampled(double[] flops, double[][] losses, double[] sizes) {

        /** The best size at each number of FLOPs at which some of these curves enclose it; a curve may be among them more than once. */
        List<Growth.Best> bests(int[] among) {
            var bests = new ArrayList<Growth.Best>();
            for (int i = 0; i < flops.length; i++) {
                double lowest = Double.POSITIVE_INFINITY;
                double best = Double.NaN;
                double smallest = Double.POSITIVE_INFINITY;
                double largest = 0;
                for (int curve : among) {
                    double loss = losses[curve][i];
                    if (!Double.isNaN(loss)) {
                        smallest = Math.min(smallest, sizes[curve]);
                        largest = Math.max(largest, sizes[curve]);
                        if (loss < lowest) {
                            lowest = loss;
                            best = sizes[curve];
                        }
                    }
                }
                if (smallest < best && best < largest) {
                    bests.add(new Growth.Best(flops[i], best));
                }
            }
            return bests;
        }

        /** All curves, each once. */
        int[] all() {
            return IntStream.range(0, sizes.length).toArray();
        }
    }
}
