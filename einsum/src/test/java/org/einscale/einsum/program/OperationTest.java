package org.einscale.einsum.program;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.einscale.tensor.Axis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class OperationTest {
    private static final Axis D = new Axis("d");
    private static final Axis DD = new Axis("dd");
    private static final Axis L = new Axis("l");
    private static final Value X = value("b l d");

    /** An operation on an axis that its operand lacks, and how its message ends. */
    static final Map<Supplier<Operation>, String> MISTAKES = new LinkedHashMap<>();

    static {
        MISTAKES.put(() -> softmax(DD, L), "no axis 'dd'; did you mean 'd'?");
        MISTAKES.put(() -> softmax(DD, D), "no axis 'dd'");
        MISTAKES.put(() -> softmax(D, DD), "no axis 'dd'");
        MISTAKES.put(() -> softmax(L, DD), "no axis 'dd'; did you mean 'd'?");
        MISTAKES.put(() -> new Operation.Normalise(Operation.Norm.RMS, X, DD, 0), "no axis 'dd'; did you mean 'd'?");
        MISTAKES.put(() -> new Operation.Take(value("d f"), value("b l"), DD), "no axis 'dd'; did you mean 'd'?");
        MISTAKES.put(() -> new Operation.Take(value("d l"), value("b l"), DD), "no axis 'dd'");
        MISTAKES.put(() -> new Operation.CrossEntropy(X, value("b l"), DD), "no axis 'dd'; did you mean 'd'?");
        MISTAKES.put(() -> new Operation.CrossEntropy(X, value("b d"), DD), "no axis 'dd'");
        MISTAKES.put(() -> new Operation.Split(X, DD, ProgramBuilder.axes("h k")), "no axis 'dd'; did you mean 'd'?");
        MISTAKES.put(() -> new Operation.Split(X, DD, ProgramBuilder.axes("h l")), "no axis 'dd'");
        MISTAKES.put(() -> new Operation.Slice(X, DD, ProgramBuilder.axes("r l"), 0),
                "no axis 'dd'; did you mean 'd'?");
        MISTAKES.put(() -> new Operation.Slice(X, DD, ProgramBuilder.axes("r l"), 1), "no axis 'dd'");
        MISTAKES.put(() -> new Operation.Concatenate(List.of(X), new Axis("k"), List.of(DD), List.of(0)),
                "no axis 'dd'; did you mean 'd'?");
        MISTAKES.put(() -> new Operation.Concatenate(List.of(X), L, List.of(DD), List.of(0)), "no axis 'dd'");
    }

    /** The same as arguments. */
    static final Supplier<Stream<Object[]>> ROWS = () -> MISTAKES.entrySet().stream()
            .map(row -> new Object[]{row.getKey(), row.getValue()});

    private static Value value(String axes) {
        return new Value(0, "x", ProgramBuilder.axes(axes));
    }

    private static Operation softmax(Axis axis, Axis query) {
        return new Operation.Softmax(X, axis, Optional.of(query));
    }

    @ParameterizedTest
    @FieldSource("ROWS")
    void anAxisIsAdvisedOnlyWhereTheOperationCanHaveIt(Supplier<Operation> mistake, String end) {
        assertThatThrownBy(mistake::get).isInstanceOf(ProgramError.class).hasMessageEndingWith(end);
    }

    @Test
    void causalSoftmaxHasTwoAxes() {
        assertThatThrownBy(() -> softmax(L, L)).isInstanceOf(ProgramError.class)
                .hasMessage("causal softmax: axis 'l' cannot be that of the query positions too; expected two axes");
    }
}
