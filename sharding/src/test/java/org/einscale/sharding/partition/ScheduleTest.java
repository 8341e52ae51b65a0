package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Test;

class ScheduleTest {
    private static final Mesh MESH = Mesh.of("data=2,model=2");
    private static final int LARGE = Math.toIntExact(Bundles.MOST);

    private final ProgramBuilder builder = new ProgramBuilder();

    private Value exchange(String name, Exchange exchange, Value operand) {
        List<Axis> axes = exchange == Exchange.ALL_GATHER
                ? operand.axes().stream().map(Axis::whole).toList()
                : operand.axes();
        return builder.append(name, axes,
                new Operation.Collective(exchange, Reduction.SUM, operand, List.of("data")));
    }

    private Value square(Value x) {
        return builder.map(operand(0).times(operand(0)), x);
    }

    /** The results in the order in which they are made if the axis d is so long. */
    private String order(int d) {
        Program program = builder.build();
        Program early = Schedule.apply(program, MESH, Sizes.of(Map.of("d", d, "e", 1)));
        assertThat(early.statements()).containsExactlyInAnyOrderElementsOf(program.statements());
        return early.statements().stream().map(statement -> statement.result().name())
                .collect(Collectors.joining(" "));
    }

    @Test
    void aSumIsFinishedAsSoonAsItsSharesAreThere() {
        Value x = builder.input("x", "d");
        Value first = square(x);
        Value second = square(first);
        Value last = exchange("last", Exchange.ALL_REDUCE, second);
        builder.output(square(exchange("first", Exchange.REDUCE_SCATTER, first)));
        builder.output(exchange("again", Exchange.ALL_REDUCE, last));
        assertThat(order(LARGE)).isEqualTo("map first map last again map");
    }

    @Test
    void aParameterIsGatheredWhileTheOneBeforeIsUsed() {
        Value x = builder.input("x", "e");
        List<Axis> split = List.of(new Axis("d").over(List.of("data")));
        List<Value> gathered = List.of("a", "b", "c").stream().map(name -> builder.state(name, split)).toList();
        Value y = x;
        for (Value state : gathered) {
            y = square(builder.einsum("e, d -> e", y, exchange(state.name(), Exchange.ALL_GATHER, state)));
        }
        builder.output(y);
        assertThat(order(2 * LARGE)).isEqualTo("a b einsum map c einsum map einsum map");
        assertThat(order(LARGE)).isEqualTo("a b c einsum map einsum map einsum map");
        assertThat(order(4)).isEqualTo("a b c einsum map einsum map einsum map");
    }

    /** Shares of three gradients, made one after the other, and two statements later what needs their sums. */
    private void gradients() {
        Value link = builder.input("x", "d");
        List<Value> sums = new ArrayList<>();
        for (String name : List.of("a", "b", "c")) {
            link = square(link);
            sums.add(exchange(name, Exchange.ALL_REDUCE, link));
        }
        builder.output(square(square(square(square(link)))));
        builder.output(builder.einsum("d, d, d -> d", sums.toArray(Value[]::new)));
    }

    @Test
    void sumsThatAreNotNeededSoonBeginTogether() {
        gradients();
        assertThat(order(LARGE / 6)).isEqualTo("map map map a b c map map map map einsum");
    }

    @Test
    void aBundleThatIsLargeEnoughDoesNotWait() {
        gradients();
        assertThat(order(LARGE / 4)).isEqualTo("map map a b map c map map map map einsum");
        assertThat(order(LARGE / 2)).isEqualTo("map a map b map c map map map map einsum");
    }

    @Test
    void sumsThatAreNeededSoonDoNotWait() {
        Value first = square(builder.input("x", "d"));
        Value second = square(exchange("first", Exchange.ALL_REDUCE, first));
        builder.output(square(exchange("second", Exchange.ALL_REDUCE, second)));
        assertThat(order(4)).isEqualTo("map first map second map");
    }

    /** What is summed up over one axis of the mesh and then over another, for two values. */
    @Test
    void sumsOfSumsBeginTogetherToo() {
        Value first = square(builder.input("x", "d"));
        Value second = square(first);
        builder.output(square(square(square(square(second)))));
        for (Value value : List.of(first, second)) {
            Value sum = exchange("sum", Exchange.ALL_REDUCE, value);
            builder.output(builder.append("again", sum.axes(),
                    new Operation.Collective(Exchange.ALL_REDUCE, Reduction.SUM, sum, List.of("model"))));
        }
        assertThat(order(4)).isEqualTo("map map sum sum again again map map map map");
    }

    @Test
    void whatWasMadeLongAgoIsGatheredWhereItIsNeeded() {
        Value made = square(builder.input("x", List.of(new Axis("d").over(List.of("data")))));
        Value other = square(square(made));
        builder.output(other);
        builder.output(square(exchange("whole", Exchange.ALL_GATHER, made)));
        assertThat(order(4)).isEqualTo("map map map whole map");
    }
}
