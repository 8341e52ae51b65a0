package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.Pointwise.operand;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Test;

class BundlesTest {
    private final ProgramBuilder builder = new ProgramBuilder();
    private final Value x = builder.input("x", "d");
    private final Value y = builder.input("y", "d");
    private final Value z = builder.input("z", "d");
    private final Value large = builder.input("large", "e");
    private final List<String> names = new ArrayList<>();

    private Value exchange(Exchange exchange, Value value, String over) {
        names.add("v" + names.size());
        return builder.append(names.getLast(), value.axes(),
                new Operation.Collective(exchange, Reduction.SUM, value, List.of(over)));
    }

    private List<List<String>> bundles() {
        Sizes sizes = Sizes.of(Map.of("d", 4, "p", 2, "q", 2, "e", Math.toIntExact(Bundles.MOST - 7)));
        return new Bundles(builder.build(), Mesh.of("data=2,model=2"), sizes).all().stream()
                .map(bundle -> bundle.stream().map(Statement::result).map(Value::name).toList()).toList();
    }

    @Test
    void thoseThatFollowOneAnotherAreTogether() {
        exchange(Exchange.ALL_REDUCE, x, "data");
        exchange(Exchange.ALL_REDUCE, y, "data");
        builder.map(operand(0).times(operand(0)), x);
        exchange(Exchange.ALL_REDUCE, x, "data");
        assertThat(bundles()).isEqualTo(List.of(List.of("v0", "v1"), List.of("v2")));
    }

    @Test
    void thoseOfAnotherKindOrOverOtherAxesAreApart() {
        exchange(Exchange.ALL_REDUCE, x, "data");
        exchange(Exchange.ALL_REDUCE, y, "model");
        exchange(Exchange.ALL_TO_ALL, z, "model");
        assertThat(bundles()).isEqualTo(List.of(List.of("v0"), List.of("v1"), List.of("v2")));
    }

    @Test
    void oneThatReadsAnothersResultIsNotWithIt() {
        Value first = exchange(Exchange.ALL_REDUCE, x, "data");
        exchange(Exchange.ALL_REDUCE, y, "data");
        exchange(Exchange.ALL_REDUCE, first, "data");
        assertThat(bundles()).isEqualTo(List.of(List.of("v0", "v1"), List.of("v2")));
    }

    /** A parameter may be gathered once more for its gradient: a plan waits for the time before to be over. */
    @Test
    void twoOfTheSameValueOrOfAViewOfItAreApart() {
        Value view = builder.split(x, new Axis("d"), List.of(new Axis("p"), new Axis("q")));
        exchange(Exchange.ALL_REDUCE, x, "data");
        exchange(Exchange.ALL_REDUCE, view, "data");
        exchange(Exchange.ALL_REDUCE, y, "data");
        exchange(Exchange.ALL_REDUCE, y, "data");
        assertThat(bundles()).isEqualTo(List.of(List.of("v0"), List.of("v1", "v2"), List.of("v3")));
    }

    @Test
    void noMoreAreTogetherThanMay() {
        exchange(Exchange.ALL_REDUCE, x, "data");
        exchange(Exchange.ALL_REDUCE, large, "data");
        exchange(Exchange.ALL_REDUCE, y, "data");
        assertThat(bundles()).isEqualTo(List.of(List.of("v0", "v1"), List.of("v2")));
    }
}
