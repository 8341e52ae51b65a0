package org.einscale.sharding.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.search.AutoSharding.Candidate;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Unary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AutoShardingTest {
    private static final int LAYERS = 6;

    /** Six square matrices with ReLUs between, and a step of descent. */
    private static Program mlp() {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b d0");
        List<Value> weights = new ArrayList<>();
        for (int i = 0; i < LAYERS; i++) {
            weights.add(builder.state("w" + i, "d" + i + " d" + (i + 1)));
        }
        Value h = x;
        for (int i = 0; i < LAYERS; i++) {
            h = builder.einsum("b d" + i + ", d" + i + " d" + (i + 1) + " -> b d" + (i + 1), h, weights.get(i));
            h = builder.apply(Unary.RELU, h);
        }
        Value loss = builder.reduce(Reduction.SUM, builder.multiply(h, h), List.of());
        builder.output(loss);
        Gradient.Result gradient = Gradient.of(builder.build(), loss, weights);
        ProgramBuilder step = new ProgramBuilder(gradient.program());
        weights.forEach(
                weight -> step.update(weight, step.map(operand(0).minus(constant(0.1).times(operand(1))), weight,
                        Objects.requireNonNull(gradient.of().get(weight)))));
        return step.build();
    }

    private static Sizes sizes(int batch, int width) {
        Map<String, Integer> sizes = new HashMap<>(Map.of("b", batch));
        for (int i = 0; i <= LAYERS; i++) {
            sizes.put("d" + i, width);
        }
        return Sizes.of(sizes);
    }

    /**
     * The batch is small beside the matrices: they stay where they are, cut into columns, rows, columns, ... What comes last is
     * scattered, and gathered again for its gradient: the loss is then summed up over devices along with a gradient.
     */
    @Test
    void wideMatricesAreSplitByColumnsAndRowsInTurn() {
        Context context = Context.of(sizes(32, 256));
        Candidate best = new AutoSharding(mlp(), context, Network.LOCAL, Long.MAX_VALUE, Set.of(), _ -> {
        }).best(4).getFirst();
        assertThat(best.splitting().mesh()).isEqualTo(Mesh.of("x=4"));
        assertThat(best.splitting().rules().rules().stream().map(Object::toString)).containsExactlyInAnyOrder("d1=x",
                "d3=x", "d5=x", "d6=x");
        Partition partition = Partition.of(mlp(), context, best.splitting(), Set.of());
        assertThat(partition.collectives()).as("3 forward, 3 backward, the loss").hasSize(7);
        assertThat(partition.bytes()).isEqualTo((5 * 2 * 32 * 256 * 3 / 4 + 3) * Float.BYTES);
    }

    @Test
    void aLargeBatchIsShared() {
        Candidate best = new AutoSharding(mlp(), Context.of(sizes(4096, 16)), Network.LOCAL, Long.MAX_VALUE, Set.of(),
                _ -> {
                }).best(4).getFirst();
        assertThat(best.splitting().rules().rules().getFirst()).hasToString("b=x");
    }

    @Test
    void whatDoesNotFitComesAfterWhatDoes() {
        Context context = Context.of(sizes(4096, 64));
        long unlimited = new AutoSharding(mlp(), context, Network.LOCAL, Long.MAX_VALUE, Set.of(), _ -> {
        }).best(2).getFirst().prediction().memory();
        Candidate limited = new AutoSharding(mlp(), context, Network.LOCAL, unlimited - 1, Set.of(), _ -> {
        }).best(2).getFirst();
        assertThat(limited.prediction().memory()).isLessThan(unlimited);
        assertThat(limited.fits()).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"1 | {}", "2 | {x=2}", "6 | {x=6} {x=3, y=2}",
        "8 | {x=8} {x=4, y=2} {x=2, y=2, z=2}"})
    void devicesStandOnEveryGrid(int devices, String grids) {
        assertThat(AutoSharding.meshes(devices).stream().map(mesh -> mesh.axes().toString()))
                .containsExactly(grids.split("(?<=\\}) "));
    }
}
