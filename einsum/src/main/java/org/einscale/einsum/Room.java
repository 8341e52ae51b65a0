package org.einscale.einsum;

import java.math.BigInteger;
import java.util.stream.Collectors;
import org.einscale.einsum.equation.Binding;
import org.einscale.einsum.equation.EquationError;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Term;
import org.einscale.einsum.equation.View;
import org.einscale.tensor.Precision;
import org.einscale.tensor.memory.PhysicalMemory;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Memory for the arrays of an einsum. Where there is not enough, the error names the string, the sizes and the bytes. */
record Room(Binding binding, Precision precision) {
    /**
     * Checks that positions in the operands and the result can be counted.
     *
     * @throws EquationError
     *             if one has 2^63 elements or more
     */
    Room {
        for (int i = 0; i < binding.operands().size(); i++) {
            requireCountable("operand " + i, binding, binding.equation().operands().get(i), binding.operands().get(i),
                    precision);
        }
        requireCountable("its result", binding, binding.equation().result(), binding.result(), precision);
    }

    private static void requireCountable(String what, Binding binding, Term term, View view, Precision precision) {
        if (elements(view).bitLength() >= Long.SIZE) {
            throw tooLarge(what, binding, term, view, precision, "no array has 2^63 elements");
        }
    }

    private static BigInteger elements(View view) {
        return view.axes().stream().flatMap(parts -> parts.stream()).map(part -> BigInteger.valueOf(part.size()))
                .reduce(BigInteger.ONE, BigInteger::multiply);
    }

    private static BigInteger bytes(View view, Precision precision) {
        return elements(view).multiply(BigInteger.valueOf(precision.bytes()));
    }

    /** A new row-major array for the result; its content is undefined. */
    INDArray result() {
        return array("its result", binding.equation().result(), binding.result());
    }

    /** The same for the gradient of an operand. */
    INDArray gradient(int operand) {
        return array("the gradient of operand " + operand, binding.equation().operands().get(operand),
                binding.operands().get(operand));
    }

    private INDArray array(String what, Term term, View view) {
        double bytes = bytes(view, precision).doubleValue();
        if (bytes == 0) {
            return Nd4j.create(precision.dataType(), view.shape());
        }
        if (!PhysicalMemory.holds(bytes)) {
            throw tooLarge(what, binding, term, view, precision, "the machine has " + PhysicalMemory.bytes());
        }
        try {
            return Nd4j.createUninitialized(precision.dataType(), view.shape(), 'c');
        } catch (RuntimeException | OutOfMemoryError e) {
            EquationError error = tooLarge(what, binding, term, view, precision, "there is not so much memory left");
            error.initCause(e);
            throw error;
        }
    }

    private static EquationError tooLarge(String what, Binding binding, Term term, View view, Precision precision,
            String limit) {
        String text = binding.equation().text();
        String shape = view.axes().stream().map(parts -> parts.stream().map(part -> Integer.toString(part.size()))
                .collect(Collectors.joining("*"))).collect(Collectors.joining(", ", "(", ")"));
        return Mistakes.ofOperands(binding.equation()).at(Math.min(term.start(), text.length()),
                what + " of shape " + shape + " takes " + bytes(view, precision) + " bytes with " + binding.sizes()
                        + "; " + limit);
    }

    /** The error for intermediate results that find no memory. */
    EquationError between(OutOfMemoryError e) {
        EquationError error = Mistakes.ofOperands(binding.equation()).at(0, "with " + binding.sizes()
                + " its intermediate results take too much memory (" + e.getMessage()
                + "); a limit of memory has the work done in slices");
        error.initCause(e);
        return error;
    }
}
