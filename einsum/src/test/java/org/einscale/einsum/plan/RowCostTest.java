package org.einscale.einsum.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Objects;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.cost.Traffic;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Test;

/** A step over rows that lie as its kernel wants them costs what its statement does. */
class RowCostTest {
    private static final Sizes SIZES = Filling.sizes("r=6 n=5 v=4");
    private static final Axis ROW = new Axis("n");

    @Test
    void stepsOverRowsCostWhatTheirStatementsDo() {
        ProgramBuilder b = new ProgramBuilder();
        Value table = b.input("table", "v n");
        Value x = b.take(table, b.input("ids", "r"), new Axis("v"));
        Value norm = b.normalise(Norm.LAYER, x, ROW, 1e-5);
        Value weights = b.softmax(norm, ROW);
        Value losses = b.crossEntropy(b.add(weights, b.normalise(Norm.RMS, norm, ROW, 1e-5)),
                b.input("targets", "r"), ROW);
        Value products = b.reduce(Reduction.PROD, weights, ProgramBuilder.axes("r"));
        Value loss = b.einsum("r, r -> ", losses, products);
        Gradient.Result gradient = Gradient.of(b.build(), loss, List.of(table));
        ProgramBuilder whole = new ProgramBuilder(gradient.program());
        whole.output(Objects.requireNonNull(gradient.of().get(table)));
        Program program = whole.build();

        Plan plan = Plan.compile(program, SIZES, Precision.FLOAT);
        Traffic traffic = new Traffic(program, plan.sizes(), Precision.FLOAT);
        List<Plan.Line> rows = plan.lines().stream()
                .filter(line -> line.work().call().matches("(softmax|normalise|cross-entropy|take|product gradient).*"))
                .filter(line -> !line.work().call().contains("added")).toList();

        assertThat(rows).extracting(line -> line.work().call()).contains("take 6x5", "normalise 6x5", "softmax 6x5",
                "cross-entropy 6x5", "cross-entropy gradient 6x5", "softmax gradient 6x5", "normalise gradient 6x5",
                "product gradient 6x5", "take gradient 6x5");
        assertThat(rows).allSatisfy(line -> {
            Statement statement = line.statement().orElseThrow();
            assertThat(line.work().flops()).isEqualTo(Flops.of(statement, plan.sizes()));
            assertThat(line.work().read()).isEqualTo(traffic.read(statement));
            assertThat(line.work().written()).isEqualTo(traffic.written(statement)).isPositive();
        });
    }
}
