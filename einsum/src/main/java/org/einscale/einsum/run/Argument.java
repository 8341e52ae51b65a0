package org.einscale.einsum.run;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.binding.View;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Term;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.PhysicalMemory;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** An array of the caller's that a {@link BoundProgram} reads or writes where it is. */
public final class Argument {
    private final String name;
    private final String called;
    private final Binding binding;
    private final Term term;
    private final View view;
    private final Value value;
    private final Precision precision;
    private final long[] shape;

    /**
     * @param name
     *            what it is in the equation
     * @param called
     *            what the caller knows it by
     * @param view
     *            how it is made of the axes of the value
     * @throws EquationError
     *             if it has 2^63 elements or more, so that their positions cannot be counted
     */
    Argument(String name, String called, Binding binding, Term term, View view, Value value, Precision precision) {
        this.name = name;
        this.called = called;
        this.binding = binding;
        this.term = term;
        this.view = view;
        this.value = value;
        this.precision = precision;
        if (elements().bitLength() >= Long.SIZE) {
            throw tooLarge("no array has 2^63 elements");
        }
        this.shape = view.shape();
    }

    /** An array of the same form for another value. */
    Argument as(String name, String called, Value value) {
        return new Argument(name, called, binding, term, view, value, precision);
    }

    /** What the caller knows it by. */
    String called() {
        return called;
    }

    public Value value() {
        return value;
    }

    View view() {
        return view;
    }

    long[] shape() {
        return shape;
    }

    private BigInteger elements() {
        return view.axes().stream().flatMap(List::stream).map(part -> BigInteger.valueOf(part.size()))
                .reduce(BigInteger.ONE, BigInteger::multiply);
    }

    /** Whether an array has its type and shape. */
    boolean fits(INDArray array) {
        return array.dataType() == precision.dataType() && Arrays.equals(array.shape(), shape);
    }

    /**
     * Refuses an array that does not fit.
     *
     * @throws IllegalArgumentException
     *             if it is of another type or shape
     */
    public void check(INDArray array) {
        if (!fits(array)) {
            throw new IllegalArgumentException(called + (array.dataType() != precision.dataType()
                    ? " is of type " + array.dataType() + "; the expression was compiled for " + precision.dataType()
                    : " has shape " + Arrays.toString(array.shape()) + "; the expression was compiled for "
                            + Arrays.toString(shape)));
        }
    }

    /**
     * A new row-major array that fits; its content is undefined.
     *
     * @throws EquationError
     *             if there is not enough memory
     */
    public INDArray newArray() {
        double bytes = precision.bytes();
        for (long size : shape) {
            bytes *= size;
        }
        if (bytes == 0) {
            return Nd4j.create(precision.dataType(), shape);
        }
        if (!PhysicalMemory.holds(bytes)) {
            throw tooLarge("the machine has " + PhysicalMemory.bytes());
        }
        try {
            return Nd4j.createUninitialized(precision.dataType(), shape, 'c');
        } catch (RuntimeException | OutOfMemoryError e) {
            EquationError error = tooLarge("there is not so much memory left");
            error.initCause(e);
            throw error;
        }
    }

    private EquationError tooLarge(String limit) {
        String form = view.axes().stream().map(parts -> parts.stream().map(part -> Integer.toString(part.size()))
                .collect(Collectors.joining("*"))).collect(Collectors.joining(", ", "(", ")"));
        return Mistakes.ofOperands(binding.equation()).at(Math.min(term.start(), binding.equation().text().length()),
                name + " of shape " + form + " takes " + elements().multiply(BigInteger.valueOf(precision.bytes()))
                        + " bytes with " + binding.sizes() + "; " + limit);
    }
}
