package org.einscale.sharding.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.device.LocalMesh;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.machine.Machine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Layers y = tanh(x w) of one width, the first weight read once more at the end, and a number by which all are updated. */
class PipelineTest {
    private static final Sizes SIZES = Sizes.of(Map.of("b", 6, "d", 8, "e", 8));

    /** The layers, on the way there only, as the turns of one part. */
    private record Chain(Program program, Map<Value, Turn> turns, Value input, List<Value> weights, Value output) {
        static Chain of(int layers) {
            ProgramBuilder builder = new ProgramBuilder();
            Value input = builder.input("x", "b d");
            Value rate = builder.input("rate", "");
            Map<Value, Turn> turns = new HashMap<>();
            List<Value> weights = new java.util.ArrayList<>();
            Value x = input;
            for (int i = 0; i <= layers; i++) {
                Value w = i < layers ? builder.state("w" + i, "d e") : weights.getFirst();
                weights.add(w);
                Value product = builder.einsum("b d, d e -> b e", x, w);
                turns.put(product, new Turn(0, false, turns.size()));
                Value renamed = builder.append("y" + i, input.axes(), new Operation.Contract(List.of(product),
                        List.of(product.axes()), product.axes()));
                turns.put(renamed, new Turn(0, false, turns.size()));
                x = builder.map(Pointwise.apply(org.einscale.tensor.kernel.Unary.TANH, Pointwise.operand(0)), renamed);
                turns.put(x, new Turn(0, false, turns.size()));
            }
            Value norm = builder.reduce(Operation.Reduction.SUM, builder.multiply(x, x), List.of());
            for (Value w : weights.subList(0, layers)) {
                builder.update(w, builder.map(Pointwise.operand(0).minus(Pointwise.operand(1)
                        .times(Pointwise.operand(2))), w, rate, norm));
            }
            builder.output(x);
            return new Chain(builder.build(), turns, input, weights.subList(0, layers), x);
        }

        Pipeline over(String mesh, String rules) {
            return over(mesh, rules, SIZES);
        }

        Pipeline over(String mesh, String rules, Sizes sizes) {
            return Pipeline.of(program, turns, Context.of(sizes, Precision.DOUBLE, Machine.typical()),
                    new Splitting(Rules.of(Mesh.of(mesh), rules), true, Network.LOCAL), Set.of());
        }

        Map<Value, INDArray> given() {
            Map<Value, INDArray> given = new HashMap<>();
            given.put(input, Nd4j.linspace(DataType.DOUBLE, -1, 0.04, 48).reshape(6, 8));
            given.put(program.inputs().get(1), Nd4j.scalar(0.01));
            for (int i = 0; i < weights.size(); i++) {
                given.put(weights.get(i), Nd4j.linspace(DataType.DOUBLE, -0.5 + 0.1 * i, 0.02, 64).reshape(8, 8));
            }
            return given;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"stage=2|layers=stage", "stage=3|layers=stage", "stage=2,data=3|b=data, layers=stage",
        "data=2,stage=2,model=2|b=data, layers=stage, e=model"})
    void stagesTogetherAreTheProgram(String text) {
        Chain chain = Chain.of(4);
        Pipeline pipeline = chain.over(text.split("\\|")[0], text.split("\\|")[1]);
        Interpreter.Run expected = Interpreter.run(chain.program, SIZES, chain.given());
        try (LocalMesh mesh = new LocalMesh(pipeline, Precision.DOUBLE, Machine.typical())) {
            chain.given().forEach((value, array) -> {
                if (value.axes().isEmpty()) {
                    mesh.write(value, array.getDouble(0));
                } else {
                    mesh.write(value, array);
                }
            });
            mesh.run();
            same(mesh.read(chain.output), Objects.requireNonNull(expected.values().get(chain.output)));
            chain.weights.forEach(w -> same(mesh.read(w), Objects.requireNonNull(expected.states().get(w))));
        }
    }

    private static void same(INDArray found, INDArray expected) {
        assertThat(found.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-12);
    }

    /** A state lies with one stage; what crosses is one activation, the shared weight, and the number of the update. */
    @Test
    void nothingElseIsHandedOn() {
        Pipeline pipeline = Chain.of(4).over("stage=2", "layers=stage");

        assertThat(pipeline.stages()).hasSize(2)
                .allSatisfy(stage -> assertThat(stage.local().states()).isNotEmpty());
        assertThat(pipeline.links())
                .extracting(link -> link.from() + "-" + link.to() + " " + link.value().axes().size())
                .containsExactlyInAnyOrder("0-1 2", "0-1 2", "1-0 0");
        assertThat(pipeline.links().stream().mapToLong(pipeline::sent).sum()).isEqualTo(6 * 8 + 8 * 8 + 1);
        assertThat(sends(pipeline, 0)).isEqualTo(2);
        assertThat(sends(pipeline, 1)).isEqualTo(1);
    }

    private static long sends(Pipeline pipeline, int stage) {
        return pipeline.stages().get(stage).local().statements().stream().map(Statement::operation)
                .filter(Operation.Send.class::isInstance).count();
    }

    /** Where work counts for more than what is handed on. */
    @Test
    void stagesHaveAboutTheSameWork() {
        Pipeline pipeline = Chain.of(7).over("stage=4", "layers=stage",
                Sizes.of(Map.of("b", 64, "d", 512, "e", 512)));

        assertThat(pipeline.stages()).allSatisfy(stage -> assertThat(stage.local().statements().stream()
                .filter(s -> s.operation() instanceof Operation.Contract c && c.operands().size() == 2)).hasSize(2));
    }

    @Test
    void moreStagesThanStatementsAreRefused() {
        assertThatThrownBy(() -> Chain.of(1).over("stage=8", "layers=stage")).isInstanceOf(ShardingError.class)
                .hasMessage("the model has 6 statements; 8 stages need at least one each: make that side of the mesh"
                        + " smaller");
        assertThatThrownBy(() -> Rules.of(Mesh.of("a=2,b=2"), "layers=a+b")).isInstanceOf(ShardingError.class)
                .hasMessage("rule layers=a+b: layers are dealt out along one mesh axis; found 2");
    }
}
