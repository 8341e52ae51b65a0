package org.einscale.einsum.pass;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Closeness;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Gradients of one contraction of several operands inside a program, over pairs. */
class PairwiseGradientTest {
    private static final Sizes SIZES = Filling.sizes("a=2 b=3 c=4 d=5 e=3");

    /** One pair for each operand but the first, and two cotangents for each pair. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a b, b c, c d -> a d            | 6
            a b, b c, c d, d e -> a e       | 9
            a b, b c, c d, d a -> a         | 9
            a b, a c, a d, a e -> a         | 9
            a b, b c, c d, d e, e a -> a c  | 12
            """)
    void operandsShareCotangents(String einsum, int contractions) {
        ProgramBuilder b = new ProgramBuilder();
        List<Value> operands = Arrays.stream(einsum.split("->")[0].split(",")).map(String::strip)
                .map(axes -> b.input("x_" + axes.replace(" ", ""), axes)).toList();
        Value result = b.einsum(einsum, operands.toArray(Value[]::new));
        Value cotangent = b.input("cotangent", result.axes());
        Program whole = b.build();

        Gradient.Result pairs = Gradient.of(new Pairwise().apply(whole, Context.of(SIZES)), result, cotangent,
                operands);
        Gradient.Result direct = Gradient.of(whole, result, cotangent, operands);

        int n = operands.size();
        assertThat(pairs(pairs.program())).as("contractions of two").isEqualTo(contractions).isEqualTo(3 * (n - 1));
        assertThat(pairs(direct.program())).as("one full contraction for each operand").isEqualTo((n + 1) * (n - 1));
        Map<Value, INDArray> given = Filling.of(whole, SIZES, 3);
        Interpreter.Run shared = Interpreter.run(pairs.program(), SIZES, given);
        Interpreter.Run full = Interpreter.run(direct.program(), SIZES, given);
        for (Value operand : operands) {
            Closeness.check("gradient of " + operand, value(shared, pairs, operand), value(full, direct, operand),
                    1e-12);
        }
    }

    /** How many contractions of two operands a program is once it is all pairs. */
    private static long pairs(Program program) {
        return new Pairwise().apply(program, Context.of(SIZES)).statements().stream().map(Statement::operation)
                .filter(operation -> operation instanceof Operation.Contract c && c.operands().size() == 2).count();
    }

    private static INDArray value(Interpreter.Run run, Gradient.Result gradient, Value operand) {
        return Objects.requireNonNull(run.values().get(Objects.requireNonNull(gradient.of().get(operand))));
    }
}
