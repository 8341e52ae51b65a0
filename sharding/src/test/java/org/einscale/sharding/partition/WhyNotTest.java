package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.reference.Lockstep;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Two products, {@code x w} and {@code (x w) u}, whose middle axis is split; asked about x w, y. */
class WhyNotTest {
    private static final Sizes SIZES = Sizes.of(Map.of("b", 8, "d", 16, "f", 64));
    private static final Splitting SPLITTING = new Splitting(Rules.of(Mesh.of("data=2,model=2"), "b=data, f=model"),
            true, Network.LOCAL);

    private final ProgramBuilder builder = new ProgramBuilder();
    private final Value x = builder.input("x", "b d");
    private final Value w = builder.state("w", "d f");
    private final Value y = builder.einsum("b d, d f -> b f", x, w);
    private final Program program = output(builder.einsum("b f, d f -> b d", y, builder.state("u", "d f")));
    private final Partition plan = Partition.of(program, Context.of(SIZES), SPLITTING, Set.of());

    private Program output(Value value) {
        builder.output(value);
        return builder.build();
    }

    private WhyNot ask(Value value, Sharding wanted) {
        return WhyNot.of(plan, value, wanted, SPLITTING, Set.of(), 4);
    }

    private static Sharding split(List<String> first, List<String> second) {
        return new Sharding(List.of(first, second));
    }

    @Test
    void aMeshAxisThatAnotherAxisHas() {
        WhyNot answer = ask(y, split(List.of("data", "model"), List.of()));

        assertThat(answer.held().text(y.axes())).isEqualTo("[b/data f/model]");
        assertThat(answer.reasons()).containsExactly("nothing asks for b over model, and model already splits f by rule"
                + " f=model: a mesh axis splits at most one axis of a value");
    }

    @Test
    void whatARuleSplits() {
        assertThat(ask(w, split(List.of(), List.of())).reasons()).containsExactly("model splits f by rule f=model");
        assertThat(ask(x, split(List.of("data"), List.of("model"))).reasons())
                .containsExactly("nothing asks for d over model");
        Value end = program.outputs().getFirst();
        assertThat(plan.held(end).partial()).containsExactly("model");
        assertThat(ask(end, split(List.of("data"), List.of())).reasons()).containsExactly(
                "it is an unfinished sum over model, which is finished where something needs it whole");
    }

    /** A program in which the value is held as was asked comes to the same, and moves the value for it. */
    @Test
    void theOtherPlanIsRightAndHoldsTheValueSo() {
        Sharding wanted = split(List.of("model"), List.of("data"));
        Partition otherwise = ask(y, wanted).otherwise();

        assertThat(otherwise.decisions().stream().filter(d -> d.value().equals(y)).map(Decision::statement)
                .map(s -> s.result().axes())).first().isEqualTo(wanted.local(y.axes()));
        assertThat(otherwise.bytes()).isGreaterThan(plan.bytes());
        Map<Value, INDArray> given = Filling.of(program, SIZES, 1);
        Value end = program.outputs().getFirst();
        INDArray right = new Lockstep(plan, given).run().get(end);
        assertThat(new Lockstep(otherwise, given).run().get(end)).isNotNull()
                .matches(found -> found.equalsWithEps(right, 1e-12));
    }

    @Test
    void anAxisThatTheOperationRunsAlong() {
        ProgramBuilder b = new ProgramBuilder();
        Value logits = b.input("logits", "b f");
        Value soft = b.append("soft", logits.axes(), new Operation.Softmax(logits, logits.axes().getLast(),
                Optional.empty()));
        b.output(soft);
        Partition rows = Partition.of(b.build(), Context.of(SIZES),
                new Splitting(Rules.of(Mesh.of("data=2,model=2"), "b=data"), true, Network.LOCAL), Set.of());

        assertThat(WhyNot.of(rows, soft, split(List.of("data"), List.of("model")), SPLITTING, Set.of(), 4).reasons())
                .singleElement().asString().contains("runs along it, so that every device needs all of it");
    }

    @Test
    void moreDevicesThanElementsAreRefused() {
        Sharding wide = split(List.of("data"), List.of("model"));
        Partition small = Partition.of(program, Context.of(Sizes.of(Map.of("b", 8, "d", 1, "f", 64))), SPLITTING,
                Set.of());
        assertThatThrownBy(() -> WhyNot.of(small, x, wide, SPLITTING, Set.of(), 4)).isInstanceOf(ShardingError.class)
                .hasMessage("x cannot be held as [b/data d/model]: axis 'd' has 1 elements for 2 devices;"
                        + " expected at least one each");
    }
}
