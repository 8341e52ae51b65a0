package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every exchange says which operation it is for, and which rules ask for it. */
class DecisionTest {
    private static final Sizes SIZES = Sizes.of(Map.of("b", 8, "d", 16, "f", 64, "v", 4096));

    private static Partition partition(Program program, String mesh, String rules) {
        Partition partition = Partition.of(program, Context.of(SIZES),
                new Splitting(Rules.of(Mesh.of(mesh), rules), true, Network.LOCAL), Set.of());
        assertThat(partition.decisions().stream().map(Decision::statement)).isEqualTo(partition.collectives());
        return partition;
    }

    @Test
    void aSplitParameterIsGatheredWhereBatchesAre() {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b d");
        Value w = builder.state("w", "d f");
        builder.output(builder.einsum("b d, d f -> b f", x, w));

        Decision decision = partition(builder.build(), "data=4", "b=data, parameters.d=data").decisions().getFirst();

        assertThat(decision.value()).isEqualTo(w);
        assertThat(decision.asker()).isEqualTo("rule parameters.d=data against rule b=data");
        assertThat(decision.reason()).isEqualTo(
                "einsum#2[b f] = einsum('b d, d f -> b f', x#0, w#1) needs w as [d f] and finds it as [d/data f]:"
                        + " data splits d by rule parameters.d=data, but b there by rule b=data");
    }

    @Test
    void aSumIsFinishedWhereItIsNeededWhole() {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b f");
        Value w = builder.state("w", "f d");
        builder.output(builder.einsum("b f, f d -> b d", x, w));

        Decision decision = partition(builder.build(), "model=2", "f=model").decisions().getFirst();

        assertThat(((Operation.Collective) decision.statement().operation()).exchange())
                .isEqualTo(Operation.Exchange.ALL_REDUCE);
        assertThat(decision.asker()).isEqualTo("rule f=model");
        assertThat(decision.reason()).isEqualTo("output einsum is wanted as [b d] and made as [b d] sum over model:"
                + " model splits f, along which it is a sum, by rule f=model");
    }

    /** The maximum of a row that several devices share. */
    @Test
    void anExtremumOfAllDevicesHasAReasonToo() {
        ProgramBuilder builder = new ProgramBuilder();
        Value logits = builder.input("logits", "b v");
        Value targets = builder.input("targets", "b");
        builder.output(builder.append("loss", targets.axes(),
                new Operation.CrossEntropy(logits, targets, logits.axes().getLast())));

        List<Decision> decisions = partition(builder.build(), "model=2", "v=model").decisions();

        assertThat(decisions).extracting(Decision::asker).containsOnly("rule v=model");
        assertThat(decisions.getFirst().reason()).endsWith(
                " = max(logits#0, 'v') is of what all devices have: model splits v by rule v=model");
    }

    /** Of the exchanges of {@code (x w) u}, those of values that no rule asks for. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            # a sum along an axis that a rule splits
            f=model                           | none
            # what is kept split is gathered where it is read
            b=model, w.d=model                | none
            # but not what is there already, where that is less
            b=model, parameters.*=model       | einsum
            # two rules want the same mesh axis
            b=model, d=model                  | w
            f=model, d=model                  | x
            # the same, said of that value
            b=model, d=model, w.d=model       | none
            f=model, d=model, x.d=model       | none
            # and without the rule that is named
            d=model                           | none
            # values move by a preset if all of its rules are there
            l=model, h=model, f=model, d=model | x
            """)
    void rulesAskForExchangesOrDoNot(String rules, String implicit) {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b d");
        Value y = builder.einsum("b d, d f -> b f", x, builder.state("w", "d f"));
        builder.output(builder.einsum("b f, f v -> b v", y, builder.state("u", "f v")));

        assertThat(partition(builder.build(), "model=2", rules).decisions().stream()
                .filter(decision -> decision.remedy().isPresent()).map(decision -> decision.value().name()))
                .isEqualTo(implicit.equals("none") ? List.of() : List.of(implicit));
    }

    @Test
    void anExchangeThatNoRuleAsksForHasARemedy() {
        ProgramBuilder builder = new ProgramBuilder();
        builder.output(builder.einsum("b d, d f -> b f", builder.input("x", "b d"), builder.state("w", "d f")));

        assertThat(partition(builder.build(), "model=2", "b=model, d=model").decisions()).singleElement()
                .extracting(decision -> decision.remedy().orElseThrow())
                .isEqualTo("rule w.d=model would ask for it, and without rule b=model it would go away");
    }

    /** Positions move to where a device has its columns of the width, by all rules of sequence parallelism and by no fewer. */
    @ParameterizedTest
    @CsvSource({"'h=model, f=model, l=model', false", "'f=model, l=model', true", "'h=model, f=model, b=model', true"})
    void valuesMoveByPresets(String rules, boolean implicit) {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b l d");
        builder.output(builder.einsum("b l d, d f -> b l f", x, builder.state("w", "d f")));
        List<Decision> decisions = Partition.of(builder.build(),
                Context.of(Sizes.of(Map.of("b", 8, "l", 8, "d", 16, "f", 4096))),
                new Splitting(Rules.of(Mesh.of("model=2"), rules), true, Network.LOCAL), Set.of()).decisions();

        assertThat(decisions).isNotEmpty().anyMatch(decision -> decision.remedy().isPresent() == implicit)
                .noneMatch(decision -> decision.remedy().isPresent() != implicit);
    }

    /** A value that no rule is about has the rule of the parameter that it is made from. */
    @Test
    void whatFollowsFromAParameterHasItsRule() {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b d");
        Value w = builder.state("w", "d f");
        builder.output(builder.einsum("b d, d f -> b f", x, builder.multiply(w, w)));

        assertThat(partition(builder.build(), "data=4", "b=data, parameters.d=data").decisions())
                .extracting(Decision::asker).contains("rule parameters.d=data against rule b=data");
    }
}
