package org.einscale.einsum.plan;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import java.util.List;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.kernel.Unary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compiled programs whose updates could overwrite what is still to be read. */
class StateTest {

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void statesSwap(int rotations) {
        ProgramBuilder b = new ProgramBuilder();
        List<Value> states = List.of(b.state("p", "a"), b.state("q", "a"), b.state("r", "a"));
        for (int i = 0; i <= rotations && i < 3; i++) {
            b.update(states.get(i), states.get((i + 1) % Math.min(3, rotations + 1)));
        }
        b.output(b.add(states.get(0), states.get(1)));
        PlanCheck.agrees(b.build(), Filling.sizes("a=5"));
    }

    @Test
    void aStateIsReadInItsOldFormByEveryStatement() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a b");
        Value s = b.state("s", "a b");
        Value t = b.state("t", "a b");
        Value stepped = b.map(operand(0).minus(constant(0.1).times(operand(1))), s, x);
        b.update(s, stepped);
        b.output(b.einsum("a b, a b -> a", s, x));
        Value average = b.map(constant(0.9).times(operand(0)).plus(operand(1)), t, s);
        b.update(t, average);
        b.output(b.map(operand(0).times(operand(1)), List.of(s, average), axes("b a")));
        PlanCheck.agrees(b.build(), Filling.sizes("a=4 b=5"));
    }

    @Test
    void statesAreUpdatedWithPlainValues() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a b");
        Value s = b.state("s", "a b");
        Value t = b.state("t", "b");
        Value u = b.state("u", "a b");
        Value v = b.state("v", "k");
        Value w = b.state("w", "a b");
        b.update(s, x);
        b.update(t, b.reduce(Reduction.SUM, s, axes("b")));
        b.update(u, s);
        b.update(v, b.merge(s, axes("a b"), new Axis("k")));
        b.update(w, w);
        b.output(u);
        b.output(v);
        b.output(w);
        PlanCheck.agrees(b.build(), Filling.sizes("a=4 b=5"));
    }

    @Test
    void twoStatesTakeOneValueThatIsAlsoAnOutput() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a");
        Value s = b.state("s", "a");
        Value t = b.state("t", "a");
        Value sum = b.add(s, b.add(t, x));
        b.update(s, sum);
        b.update(t, sum);
        b.output(sum);
        b.output("again", sum);
        b.output(s);
        PlanCheck.agrees(b.build(), Filling.sizes("a=5"));
    }

    /** An update may only be written over a state when nothing needs the state any more, shifted or permuted readers included. */
    @Test
    void aStateTakesShiftedAndPermutedFormsOfItself() {
        ProgramBuilder b = new ProgramBuilder();
        Value s = b.state("s", "a b");
        Value t = b.state("t", "k");
        Value flipped = b.contract(List.of(s), List.of(axes("i j")), axes("j i"), axes("a b"));
        b.update(s, b.map(operand(0).plus(operand(1)), flipped, s));
        Value last = b.slice(t, new Axis("k"), axes("one m"), 1);
        Value first = b.slice(t, new Axis("k"), axes("one m"), 0);
        b.update(t, b.concatenate(List.of(last, first), new Axis("k"), axes("m one"), List.of(0, 1)));
        PlanCheck.agrees(b.build(), Filling.sizes("a=5 k=7 one=1"));
    }

    @Test
    void onlyStatesAreUpdated() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a");
        b.update(x, b.add(x, x));
        assertThatThrownBy(b::build).isInstanceOf(ProgramError.class).hasMessageContaining("not a state");
    }

    @Test
    void aConstantAddendIsAddedInEveryRun() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "l d");
        Value product = b.einsum("l, d -> l d", b.iota(new Axis("l")), b.iota(new Axis("d")));
        b.output(b.add(b.apply(Unary.TANH, x), product));
        PlanCheck.agrees(b.build(), Filling.sizes("l=3 d=4"));
    }

    @ParameterizedTest
    @ValueSource(ints = {100, 2000})
    void manyMapsInARowAreCutIntoSteps(int maps) {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a");
        Value y = x;
        for (int i = 0; i < maps; i++) {
            y = b.map(operand(0).times(constant(1 - 1e-3 * i / maps)).plus(operand(1)), y, x);
        }
        b.output(y);
        PlanCheck.agrees(b.build(), Filling.sizes("a=5"));
    }

    @Test
    void anExpressionPastTheWorkspaceIsRefused() {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "a");
        Pointwise expression = operand(0);
        for (int i = 0; i < 1000; i++) {
            expression = expression.plus(constant(i));
        }
        b.output(b.map(expression, x));
        assertThatThrownBy(() -> Plan.compile(b.build(), Filling.sizes("a=5"), Precision.FLOAT))
                .isInstanceOf(ProgramError.class)
                .hasMessageContaining("write it as several");
    }
}
