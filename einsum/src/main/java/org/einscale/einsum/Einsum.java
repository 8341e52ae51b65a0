package org.einscale.einsum;

import java.util.Arrays;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Rule;
import org.einscale.einsum.graph.Nd4jEinsum;
import org.einscale.einsum.path.finder.Paths;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.run.BoundProgram;
import org.einscale.einsum.run.Cache;
import org.einscale.einsum.run.Options;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.profile.Profile;
import org.jspecify.annotations.Nullable;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An einsum string that computes: {@code Einsum.of("b l d, d f -> b l f").apply(x, w)}. Strings and what they compile to for
 * each set of shapes are kept, so that the string form costs little more than a {@link CompiledEinsum}. Immutable; safe for use
 * by many threads.
 *
 * <p>Every factory throws {@link EquationError} if the string is malformed.
 */
public final class Einsum {
    private static final Cache<String, Einsum> EITHER = new Cache<>(1024, _ -> 1);
    private static final Cache<String, Einsum> LETTERS = new Cache<>(1024, _ -> 1);
    private static final Cache<String, Einsum> WORDS = new Cache<>(1024, _ -> 1);

    private final Equation equation;
    private final Options options;
    private final Cache<Cache.Key, CompiledEinsum> compiled = new Cache<>(64, _ -> 1);
    private volatile @Nullable CompiledEinsum last;

    private Einsum(Equation equation, Options options) {
        this.equation = equation;
        this.options = options;
    }

    /** Names where there are spaces within a term, parentheses, brackets or the axis 1; else each letter is an axis. */
    public static Einsum of(String equation) {
        return EITHER.get(equation, text -> new Einsum(Equation.of(text), Options.DEFAULT));
    }

    /** Each letter is an axis, as in NumPy. */
    public static Einsum letters(String equation) {
        return LETTERS.get(equation, text -> new Einsum(Equation.letters(text), Options.DEFAULT));
    }

    /** Names separated by spaces are axes. */
    public static Einsum words(String equation) {
        return WORDS.get(equation, text -> new Einsum(Equation.words(text), Options.DEFAULT));
    }

    /** Any equation: of integer lists, or under another rule. */
    public static Einsum of(Equation equation) {
        return new Einsum(equation, Options.DEFAULT);
    }

    /** A sum of products in which nothing is summed by accident: an axis that the output lacks is in two operands at least. */
    public static Einsum dot(String equation) {
        return of(Equation.dot(equation));
    }

    /** Axes of one operand in another order, split or composed: {@code "b l (h k) -> b h l k"}. */
    public static Einsum rearrange(String equation) {
        return of(Equation.rearrange(equation));
    }

    /** One operand repeated along axes that only the output has, whose sizes {@link #with} tells: {@code "l d -> b l d"}. */
    public static Einsum repeat(String equation) {
        return of(Equation.repeat(equation));
    }

    /** Elements of one operand combined along the axes that the output lacks: {@code "b l d -> b d"}. */
    public static Einsum reduce(String equation, Reduction reduction) {
        return new Einsum(Equation.reduce(equation), Options.DEFAULT.withReduction(reduction));
    }

    /** The same where size 1 of an axis stretches to the size that it has in another operand, as in NumPy. */
    public Einsum broadcasting() {
        return new Einsum(equation, options.withBroadcasting());
    }

    /** The same with the size of an axis that the shapes do not tell. */
    public Einsum with(String axis, int size) {
        return new Einsum(equation, options.withPart(axis, size));
    }

    /**
     * The same with other operations in place of sum and product.
     *
     * @throws IllegalArgumentException
     *             if this is no sum of products
     */
    public Einsum over(Semiring semiring) {
        if (equation.rule() != Rule.CONTRACT && equation.rule() != Rule.DOT) {
            throw new IllegalArgumentException(this + " neither adds nor multiplies, so no semiring applies");
        }
        return new Einsum(equation, options.withSemiring(semiring));
    }

    /**
     * The same with its operands met in the order that a path finder decides.
     *
     * @param finder
     *            a name that {@link Paths#byName} knows; "auto" unless told
     */
    public Einsum paths(String finder) {
        return new Einsum(equation, options.withPaths(Paths.byName(finder)));
    }

    /**
     * The same with a limit to the memory that a call takes for what lies between its operands and its result. Where the best
     * path takes more, copies into faster layouts are given up, and then the work is done in slices: some axes run over their
     * values one by one, along a path for the smaller einsum that is left. Gradients keep to the limit too. To results in
     * float32 no more than 128 slices are added one after another: a sum of more is kept in parts, which take the memory of the
     * result again, or twice beyond 16384 slices.
     *
     * @param bytes
     *            0 or more; an einsum that takes more in any slicing is refused when it is compiled
     */
    public Einsum memory(long bytes) {
        if (bytes < 0) {
            throw new IllegalArgumentException("memory of " + bytes + " bytes; expected 0 or more");
        }
        return new Einsum(equation, options.withMemory(bytes));
    }

    /**
     * The same, planned for a machine: that decides between ways to compute the same, which differ in the last bits. Without
     * this it is {@link Machine#typical()}; {@link Machine#measured()} knows more.
     */
    public Einsum on(Profile machine) {
        return new Einsum(equation, options.withMachine(machine));
    }

    public Equation equation() {
        return equation;
    }

    /**
     * Computes into a new row-major array.
     *
     * @param operands
     *            one array for each term, all FLOAT or all DOUBLE, of any strides, not modified
     * @throws EquationError
     *             if the number of operands, a rank, a size or a type does not fit
     */
    public INDArray apply(INDArray... operands) {
        CompiledEinsum expression = compiledFor(operands);
        return expression.run(expression.newResult(), operands);
    }

    /**
     * Computes into an array that exists; allocates nothing off-heap once it has seen such arrays.
     *
     * @param out
     *            of the result's shape and the operands' type, overwritten; shares no element with an operand, and its elements
     *            none with each other
     * @return out
     * @throws EquationError
     *             if the number of operands, a rank, a size or a type does not fit
     * @throws IllegalArgumentException
     *             if the result does not fit, or shares memory
     */
    public INDArray into(INDArray out, INDArray... operands) {
        return compiledFor(operands).run(out, operands);
    }

    /**
     * Writes the einsum into a graph, by the graph's own operations.
     *
     * @param operands
     *            one variable for each term, of which a placeholder may have sizes of -1
     * @return the result, named after the equation
     * @throws EquationError
     *             if they do not fit the equation, or a size that must be known is not
     */
    public SDVariable apply(SameDiff graph, SDVariable... operands) {
        return nd4j().apply(graph, operands);
    }

    /** The same by ND4J's own operations, for backends of which this library has no kernels. */
    public Nd4jEinsum nd4j() {
        return new Nd4jEinsum(equation, options);
    }

    /** For row-major float32 operands, given the size of each axis. */
    public CompiledEinsum compile(Sizes sizes) {
        return compile(Precision.FLOAT, sizes);
    }

    /**
     * For operands given the size of each axis.
     *
     * @throws EquationError
     *             if a size is missing or of no axis, or the equation has an ellipsis
     * @throws IllegalArgumentException
     *             if the limit to {@link #memory} cannot be kept
     */
    public CompiledEinsum compile(Precision precision, Sizes sizes) {
        return new CompiledEinsum(BoundProgram.of(Binding.of(equation, sizes), options, precision));
    }

    /**
     * For operands of given shapes.
     *
     * @throws EquationError
     *             if the number of shapes, a rank or a size does not fit
     */
    public CompiledEinsum compile(Precision precision, long[]... shapes) {
        return new CompiledEinsum(
                BoundProgram.of(Binding.of(equation, Arrays.asList(shapes), options.parts(), options.broadcasting()),
                        options,
                        precision));
    }

    /** One that the operands fit. */
    private CompiledEinsum compiledFor(INDArray[] operands) {
        CompiledEinsum known = last;
        if (known == null || !known.fits(operands)) {
            Precision precision = precision(operands);
            long[][] shapes = Arrays.stream(operands).map(INDArray::shape).toArray(long[][]::new);
            known = compiled.get(new Cache.Key(precision, shapes), _ -> compile(precision, shapes));
            last = known;
        }
        return known;
    }

    private Precision precision(INDArray[] operands) {
        DataType first = operands.length == 0 ? DataType.FLOAT : operands[0].dataType();
        for (int i = 0; i < operands.length; i++) {
            DataType type = operands[i].dataType();
            if (type != first || (type != DataType.FLOAT && type != DataType.DOUBLE)) {
                int term = Math.min(i, equation.operands().size() - 1);
                throw Mistakes.ofOperands(equation).at(equation.operands().get(term).start(),
                        "operand " + i + " is of type " + type + (i > 0 ? ", operand 0 of type " + first : "")
                                + "; expected all FLOAT or all DOUBLE");
            }
        }
        return first == DataType.DOUBLE ? Precision.DOUBLE : Precision.FLOAT;
    }

    @Override
    public String toString() {
        return equation.rule() + " \"" + equation + "\"";
    }
}
