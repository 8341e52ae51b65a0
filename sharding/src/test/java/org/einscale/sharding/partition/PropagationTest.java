package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.reference.Lockstep;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Unary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Rules about single values, and how all others are split then. */
class PropagationTest {
    private static final Sizes SIZES = Sizes.of(Map.of("b", 12, "d", 6, "f", 8, "v", 10, "h", 2, "k", 4));

    /** {@code hidden = x up; row = sum of (exp(hidden) + skip); y = (hidden + skip) down}. */
    private static Program layer() {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b d");
        Value skip = builder.input("skip", "b f");
        Value up = builder.state("up", "d f");
        Value down = builder.state("down", "f d");
        Value hidden = builder.einsum("b d, d f -> b f", x, up);
        Value both = builder.add(builder.apply(Unary.EXP, hidden), skip);
        builder.output("row", builder.reduce(Reduction.SUM, both, axes("b")));
        builder.output("y", builder.einsum("b f, f d -> b d", both, down));
        return builder.build();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "x.b=p | skip=[p *] up=[* *] down=[* *] row=[p] y=[p *] | ",
        // Along a product into both operands, through a map to the other one, and into the next product.
        "up.f=p | skip=[* p] x=[* *] down=[p *] row=[*] y=[* *] | all_reduce all_reduce",
        // What is summed is no axis of the result; its operands are split alike.
        "x.d=q | up=[q *] skip=[* *] down=[* *] y=[* *] | reduce_scatter all_gather",
        "row.b=q | x=[q *] skip=[q *] y=[q *] | ",
        "x.b=p+q | skip=[p+q *] row=[p+q] y=[p+q *] | ",
        "x.b=p, up.f=q | skip=[p q] down=[q *] y=[p *] row=[p] | all_reduce all_reduce",
        // Against one another: the first rule goes everywhere, the second stays where it is.
        "x.b=p, down.d=p | skip=[p *] y=[p *] down=[* p] up=[* *] | all_gather",
        "down.d=p, x.b=p | y=[* p] x=[p *] skip=[p *] row=[p] up=[* *] | all_gather"})
    void othersFollow(String rules, String expected, String exchanges) {
        Program program = layer();
        Partition partition = Partition.of(program, Context.of(SIZES),
                new Splitting(Rules.of(Mesh.of("p=2,q=3"), rules), true, Network.LOCAL), Set.of());
        for (String item : expected.split("(?<=]) ")) {
            String[] sides = item.split("=");
            Value value = partition.shardings().keySet().stream().filter(v -> v.name().equals(sides[0])).findFirst()
                    .orElseThrow();
            assertThat(partition.sharding(value)).as("%s", sides[0]).hasToString(sides[1]);
        }
        assertThat(partition.collectives().stream()
                .map(s -> ((Operation.Collective) s.operation()).exchange().name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(" "))).isEqualTo(Objects.requireNonNullElse(exchanges, ""));
        Map<Value, INDArray> given = Filling.of(program, SIZES, 3);
        Interpreter.Run right = Interpreter.run(program, SIZES, given);
        new Lockstep(partition, given).run().forEach((value, found) -> assertThat(found.equalsWithEps(
                Objects.requireNonNull((program.states().contains(value) ? right.states() : right.values()).get(value)),
                1e-9)).isTrue());
    }
}
