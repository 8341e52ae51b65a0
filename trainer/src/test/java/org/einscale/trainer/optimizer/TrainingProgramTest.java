package org.einscale.trainer.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Pairwise;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Sizes;
import org.einscale.trainer.layer.Initialiser;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.layer.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingProgramTest {
    @ParameterizedTest
    @ValueSource(doubles = {11, Double.POSITIVE_INFINITY})
    void aNormBelowTheClipLeavesTheGradientAlone(double clip) {
        Bowl bowl = new Bowl(new AdamW(0.9, 0.95, 1e-8, 0, clip));
        assertThat(new Bowl.Plain().norm()).isBetween(10.0, 11.0);
        bowl.step(1, 0);
        bowl.assertHolds("w.m", 0.1 * Bowl.START);
    }

    /** Three pairs forward and two back for each; one full contraction for each operand would be 3 + 4 * 3. */
    @Test
    void gradientsOfAContractionOfFourOperandsShareCotangents() {
        ProgramBuilder builder = new ProgramBuilder();
        Value tokens = builder.input("tokens", "");
        List<Value> factors = List.of(builder.state("w", "a b"), builder.state("x", "b c"), builder.state("y", "c d"),
                builder.state("z", "d a"));
        Value loss = builder.einsum("a b, b c, c d, d a ->", factors.toArray(Value[]::new));
        builder.output(loss);
        Sizes sizes = Sizes.of(Map.of("a", 5, "b", 4, "c", 3, "d", 2));
        Model chain = new Model(builder.build(), sizes, tokens, tokens, Optional.empty(), loss, loss,
                factors.stream().map(factor -> new Parameter(factor, Initialiser.ones(), false)).toList());
        Program training = TrainingProgram.of(chain, new AdamW(0.9, 0.95, 1e-8, 0, 1)).program();
        List<Operation.Contract> contractions = new Pairwise().apply(training, Context.of(sizes)).statements().stream()
                .map(Statement::operation).filter(Operation.Contract.class::isInstance)
                .map(Operation.Contract.class::cast).toList();
        List<Operation.Contract> norms = contractions.stream()
                .filter(c -> c.operands().size() == 2 && c.operands().getFirst().equals(c.operands().getLast()))
                .toList();
        assertThat(norms).hasSize(4);
        assertThat(contractions.size() - norms.size()).isLessThanOrEqualTo(3 + 2 * 3);
    }
}
