package org.einscale.einsum.reference;

import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;

/** A table of small formulas that have a derivative, every operation in several layouts. */
public final class Formulas {
    private Formulas() {
    }

    /** Writes statements and returns the value that they compute. */
    public interface Formula {
        Value of(ProgramBuilder b);
    }

    /**
     * One formula.
     *
     * @param sizes
     *            of the axes that can be chosen freely
     */
    public record Row(String name, String sizes, Formula formula) {

        /** The sizes, and each of them replaced by 0 and by 1, and all of them by 1. */
        public List<Sizes> variants() {
            Sizes base = Filling.sizes(sizes);
            Sizes ones = base;
            List<Sizes> variants = new ArrayList<>(List.of(base));
            for (Axis axis : base.axes()) {
                variants.add(base.with(axis, 0));
                variants.add(base.with(axis, 1));
                ones = ones.with(axis, 1);
            }
            variants.add(ones);
            return variants;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    public static Stream<Row> contractions() {
        return Stream.of(
                row("matrix product", "a=2 b=3 c=4",
                        b -> b.einsum("a b, b c -> a c", b.input("x", "a b"), b.input("y", "b c"))),
                row("transposed result", "a=2 b=3 c=4",
                        b -> b.einsum("a b, b c -> c a", b.input("x", "a b"), b.input("y", "b c"))),
                row("batch axis in the middle", "a=2 b=3 c=4 n=2",
                        b -> b.einsum("a n b, b n c -> a n c", b.input("x", "a n b"), b.input("y", "b n c"))),
                row("outer product", "a=2 b=3", b -> b.einsum("a, b -> a b", b.input("x", "a"), b.input("y", "b"))),
                row("inner product", "a=4", b -> b.einsum("a, a ->", b.input("x", "a"), b.input("y", "a"))),
                row("scalar factor", "a=4", b -> b.einsum(", a -> a", b.input("x", ""), b.input("y", "a"))),
                row("sum within one operand", "a=2 b=3", b -> b.einsum("a b -> b", b.input("x", "a b"))),
                row("sums on both sides", "a=2 b=3 c=2 d=2",
                        b -> b.einsum("a b c, b d -> c", b.input("x", "a b c"), b.input("y", "b d"))),
                row("everything summed apart", "a=2 b=3",
                        b -> b.einsum("a, b ->", b.input("x", "a"), b.input("y", "b"))),
                row("three operands", "a=2 b=3 c=2 d=2",
                        b -> b.einsum("a b, b c, c d -> a d", b.input("x", "a b"), b.input("y", "b c"),
                                b.input("z", "c d"))),
                row("three operands on one axis", "a=3",
                        b -> b.einsum("a, a, a -> a", b.input("x", "a"), b.input("y", "a"), b.input("z", "a"))),
                row("diagonal", "i=3", b -> b.einsum("k k -> k", b.input("x", "i j"))),
                row("trace", "i=3", b -> b.einsum("k k ->", b.input("x", "i j"))),
                row("diagonal of three", "i=2 m=3", b -> b.einsum("k m k k -> m k", b.input("x", "i m j l"))),
                row("diagonal times matrix", "i=3 a=2",
                        b -> b.einsum("k k, k a -> a", b.input("x", "i j"), b.input("y", "i a"))),
                row("two diagonals", "i=2 m=3", b -> b.einsum("k k l l -> l", b.input("x", "i j m n"))),
                row("an operand twice", "a=2 b=3", b -> {
                    Value x = b.input("x", "a b");
                    return b.einsum("a b, c b -> a c", x, x);
                }),
                row("an operand three times", "a=3", b -> {
                    Value x = b.input("x", "a");
                    return b.einsum("a, a, a -> a", x, x, x);
                }),
                row("an operand as rows and columns", "a=3", b -> {
                    Value x = b.input("x", "a b");
                    return b.einsum("i j, j k -> i k", x, x);
                }),
                row("terms with other names than the axes", "p=2 q=3 r=2",
                        b -> b.einsum("i j, j k -> i k", b.input("x", "p q"), b.input("y", "q r"))));
    }

    public static Stream<Row> maps() {
        Pointwise xy = operand(0).times(operand(1));
        return Stream.of(
                row("rows repeated", "a=2 b=3", b -> b.map(xy, b.input("x", "a b"), b.input("y", "b"))),
                row("columns repeated", "a=2 b=3", b -> b.map(xy, b.input("x", "a"), b.input("y", "a b"))),
                row("outer", "a=2 b=3", b -> b.map(xy, List.of(b.input("x", "a"), b.input("y", "b")), axes("b a"))),
                row("scalar repeated", "a=2 b=3",
                        b -> b.map(operand(0).plus(operand(1)), b.input("x", "a b"), b.input("y", ""))),
                row("permuted", "a=2 b=3",
                        b -> b.map(xy.plus(operand(1)), List.of(b.input("x", "a b"), b.input("y", "b a")),
                                axes("b a"))),
                row("only permuted", "a=2 b=3", b -> b.map(operand(0), List.of(b.input("x", "a b")), axes("b a"))),
                row("only repeated", "a=2 b=3 c=2", b -> b.map(operand(0), List.of(b.input("x", "b")), axes("a b c"))),
                row("an operand twice", "a=2", b -> {
                    Value x = b.input("x", "a");
                    return b.map(xy, x, x);
                }),
                row("nested", "a=2 b=3",
                        b -> b.map(apply(Unary.TANH, xy.plus(constant(0.5))).over(apply(Unary.EXP, operand(1))),
                                b.input("x", "a b"), b.input("y", "b"))),
                row("number of elements", "a=2 b=3",
                        b -> b.map(operand(0).times(new Pointwise.Volume(axes("a b"))), b.input("x", "a b"))),
                row("no operand", "a=2", b -> b.multiply(b.map(constant(3), List.of(), axes("a")), b.input("x", "a"))));
    }

    public static Stream<Row> others() {
        return Stream.of(
                row("sum", "a=2 b=3 c=2", b -> b.reduce(Reduction.SUM, b.input("x", "a b c"), axes("b"))),
                row("sum, result permuted", "a=2 b=3 c=2",
                        b -> b.reduce(Reduction.SUM, b.input("x", "a b c"), axes("c a"))),
                row("mean", "a=2 b=3 c=2", b -> b.reduce(Reduction.MEAN, b.input("x", "a b c"), axes("a c"))),
                row("mean of all", "a=2 b=3", b -> b.reduce(Reduction.MEAN, b.input("x", "a b"), axes(""))),
                row("maximum", "a=2 b=3 c=2", b -> b.reduce(Reduction.MAX, b.input("x", "a b c"), axes("c a"))),
                row("minimum", "a=2 b=3", b -> b.reduce(Reduction.MIN, b.input("x", "a b"), axes("b"))),
                row("product", "a=2 b=3 c=2", b -> b.reduce(Reduction.PROD, b.input("x", "a b c"), axes("c a"))),
                row("product with one zero and with two", "a=3 b=3",
                        b -> b.reduce(Reduction.PROD, b.multiply(b.input("x", "a b"), zeros(b)), axes("a"))),
                row("log-sum-exp", "a=2 b=3 c=2",
                        b -> b.reduce(Reduction.LOG_SUM_EXP, b.input("x", "a b c"), axes("c a"))),
                row("log-sum-exp of all", "a=2 b=3",
                        b -> b.reduce(Reduction.LOG_SUM_EXP, b.input("x", "a b"), axes(""))),
                row("softmax", "a=2 b=4", b -> b.softmax(b.input("x", "a b"), new Axis("b"))),
                row("softmax over the first axis", "a=3 b=2", b -> b.softmax(b.input("x", "a b"), new Axis("a"))),
                row("softmax over a middle axis", "a=2 b=3 c=2", b -> b.softmax(b.input("x", "a b c"), new Axis("b"))),
                row("causal softmax", "h=2 q=3 k=3",
                        b -> b.causalSoftmax(b.input("x", "h q k"), new Axis("k"), new Axis("q"))),
                row("causal softmax, earlier keys", "q=2 k=4",
                        b -> b.causalSoftmax(b.input("x", "q k"), new Axis("k"), new Axis("q"))),
                row("causal softmax, keys first", "k=3 q=3 h=2",
                        b -> b.causalSoftmax(b.input("x", "k q h"), new Axis("k"), new Axis("q"))),
                row("layer norm", "a=2 b=4", b -> b.normalise(Norm.LAYER, b.input("x", "a b"), new Axis("b"), 0.1)),
                row("layer norm over the first axis", "a=4 b=2",
                        b -> b.normalise(Norm.LAYER, b.input("x", "a b"), new Axis("a"), 0.1)),
                row("RMS norm", "a=2 b=4", b -> b.normalise(Norm.RMS, b.input("x", "a b"), new Axis("b"), 0.1)),
                row("RMS norm over a middle axis", "a=2 b=4 c=2",
                        b -> b.normalise(Norm.RMS, b.input("x", "a b c"), new Axis("b"), 0.1)),
                row("take", "n=3 v=4 d=2",
                        b -> b.take(b.input("table", "v d"), b.input("indices", "n"), new Axis("v"))),
                row("take of columns", "m=2 n=3 v=4 d=2",
                        b -> b.take(b.input("table", "d v"), b.input("indices", "m n"), new Axis("v"))),
                row("take of one", "v=4 d=2",
                        b -> b.take(b.input("table", "v d"), b.input("indices", ""), new Axis("v"))),
                row("cross-entropy", "n=3 v=4",
                        b -> b.crossEntropy(b.input("logits", "n v"), b.input("targets", "n"), new Axis("v"))),
                row("cross-entropy over a middle axis", "n=3 v=4 m=2",
                        b -> b.crossEntropy(b.input("logits", "n v m"), b.input("targets", "n m"), new Axis("v"))),
                row("split", "a=2 h=2 r=3", b -> b.split(b.input("x", "a k"), new Axis("k"), axes("h r"))),
                row("merge", "a=2 h=2 r=3", b -> b.merge(b.input("x", "h r a"), axes("h r"), new Axis("k"))),
                row("slice", "a=2 r=2 s=3", b -> b.slice(b.input("x", "a k"), new Axis("k"), axes("r s r"), 1)),
                row("slice of equal parts", "r=2", b -> b.slice(b.input("x", "k"), new Axis("k"), axes("r r"), 1)),
                row("concatenate", "a=2 r=2 s=3",
                        b -> b.concatenate(List.of(b.input("x", "r a"), b.input("y", "s a")), new Axis("k"),
                                axes("r s r"), List.of(2, 1))),
                row("an operand concatenated twice", "r=2", b -> {
                    Value x = b.input("x", "r");
                    return b.concatenate(List.of(x, x), new Axis("k"), axes("r r"), List.of(0, 1));
                }),
                row("dropout", "a=3 b=4", b -> b.multiply(b.input("x", "a b"),
                        b.bernoulli(0.5, 1, "drop", b.map(constant(2)), axes("a b")))));
    }

    private static Row row(String name, String sizes, Formula formula) {
        return new Row(name, sizes, formula);
    }

    /** Over [a b], 0 where b is below a and 1 elsewhere. */
    private static Value zeros(ProgramBuilder b) {
        return b.combine(Binary.GREATER_EQUAL, b.iota(new Axis("b")), b.iota(new Axis("a")));
    }
}
