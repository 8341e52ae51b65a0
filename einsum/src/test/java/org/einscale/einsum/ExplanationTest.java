package org.einscale.einsum;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.stream.Collectors;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.run.BoundProgram;
import org.einscale.einsum.run.Options;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operations and bytes of steps, for i = 2, j = 3, k = 4, l = 5, m = 9000, o = 1, z = 0. */
class ExplanationTest {
    private static final Map<Character, Integer> SIZES = Map.of('i', 2, 'j', 3, 'k', 4, 'l', 5, 'm', 9000, 'o', 1, 'z',
            0);

    private static Sizes sizes(String equation) {
        return Sizes.of(equation.chars().filter(Character::isLetter).distinct().mapToObj(c -> (char) c)
                .collect(Collectors.toMap(String::valueOf, SIZES::get)));
    }

    private static Options options(String over) {
        return switch (over) {
            case "+ x" -> Options.DEFAULT;
            case "max +" -> Options.DEFAULT.withSemiring(Semiring.MAX_PLUS);
            case "log" -> Options.DEFAULT.withSemiring(Semiring.LOG);
            default -> Options.DEFAULT.withReduction(Reduction.valueOf(over));
        };
    }

    private static BoundProgram bound(String equation, String over) {
        return BoundProgram.of(Binding.of(Equation.of(equation), sizes(equation)), options(over), Precision.FLOAT);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # two a point of a product of two, also where nothing is summed
            ij,jk->ik        | + x         | 48
            ij,ij->          | + x         | 12
            ij,ij->ij        | + x         | 12
            i,j->ij          | + x         | 12
            ij,jk,kl->il     | + x         | 128
            ijk,kl->ji       | + x         | 68
            zi,zj->ij        | + x         | 0
            # one an element of what is summed alone
            ij->j            | + x         | 6
            ii->             | + x         | 2
            # none for what is only moved
            ij->ji           | + x         | 0
            ii->i            | + x         | 0
            oij->ij          | + x         | 0
            ij->ji           | max +       | 0
            ij->ji           | MAX         | 0
            # however long a sum is
            mj->j            | + x         | 27000
            jm->             | + x         | 27000
            mi,mj->ij        | + x         | 108000
            # one an element of a reduction's operand, and the maps that a composed one is made of
            ij->j            | MAX         | 6
            ij->i            | MIN         | 6
            ijkl->jl         | PROD        | 120
            jm->             | MAX         | 27000
            ij->i            | MEAN        | 8
            ij->i            | LOG_SUM_EXP | 42
            # as much over any other semiring
            ij,jk->ik        | max +       | 48
            ij,jk,kl->il     | log         | 128
            ij->j            | max +       | 6
            """)
    void countsTheOperationsOfTheProgram(String equation, String over, double flops) {
        BoundProgram bound = bound(equation, over);

        assertThat(new CompiledEinsum(bound).explain().flops()).isEqualTo(flops);
        assertThat(Flops.of(bound.program(), bound.sizes())).isEqualTo(flops);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ij,jk->ik        | + x         | 96
            ij,jk,kl->il     | + x         | 304
            ij,ij->          | + x         | 24
            i,j->ij          | + x         | 24
            im,mj->ij        | + x         | 216000
            ij->j            | + x         | 0
            ij->j            | MAX         | 30
            ij->j            | PROD        | 12
            jm->             | MEAN        | 27000
            ij->i            | LOG_SUM_EXP | 78
            """)
    void countsTheOperationsOfGradients(String equation, String over, double flops) {
        BoundProgram bound = bound(equation, over);
        BoundProgram gradient = bound.gradient();

        assertThat(new CompiledEinsum(bound).gradient().explain().flops()).isEqualTo(flops);
        assertThat(Flops.of(gradient.program(), gradient.sizes())).isEqualTo(flops);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ij->j     | + x   | 24 | 12
            ijk->ik   | MAX   | 96 | 32
            ij,jk->ik | max + | 72 | 32
            """)
    void countsTheBytesOfReductions(String equation, String over, double read, double written) {
        Explanation explanation = new CompiledEinsum(bound(equation, over)).explain();

        assertThat(explanation.bytesRead()).isEqualTo(read);
        assertThat(explanation.bytesWritten()).isEqualTo(written);
    }
}
