package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.List;
import java.util.stream.Collectors;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.junit.jupiter.api.Test;

class EarlyTest {
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

    private String order() {
        Program program = builder.build();
        Program early = Early.apply(program);
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
        assertThat(order()).isEqualTo("map first map last again map");
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
        assertThat(order()).isEqualTo("a b einsum map c einsum map einsum map");
    }

    @Test
    void whatWasMadeLongAgoIsGatheredWhereItIsNeeded() {
        Value made = square(builder.input("x", List.of(new Axis("d").over(List.of("data")))));
        Value other = square(square(made));
        builder.output(other);
        builder.output(square(exchange("whole", Exchange.ALL_GATHER, made)));
        assertThat(order()).isEqualTo("map map map whole map");
    }
}
