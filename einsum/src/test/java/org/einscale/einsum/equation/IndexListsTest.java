package org.einscale.einsum.equation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.einscale.einsum.binding.Binding;
import org.junit.jupiter.api.Test;

class IndexListsTest {

    @Test
    void numbersAreAxes() {
        assertThat(Equation.indices().operand(0, 1).operand(1, 2).output(0, 2).text())
                .isEqualTo("i0 i1, i1 i2 -> i0 i2");
        assertThat(Equation.indices().operand(7, 7).output().text()).isEqualTo("i7 i7 -> ");
        assertThat(Equation.indices().operand().operand(30, 4).output(4, 30).text()).isEqualTo(", i30 i4 -> i4 i30");
        assertThat(Equation.indices().operand(0, Equation.ELLIPSIS).output(Equation.ELLIPSIS, 0).text())
                .isEqualTo("i0 ... -> ... i0");
    }

    @Test
    void anOutputThatIsNotGivenHasWhatOccursOnceInAscendingOrder() {
        assertThat(Equation.indices().operand(10, 1).operand(1, 9).implicitOutput().text())
                .isEqualTo("i10 i1, i1 i9 -> i9 i10");
        assertThat(Equation.indices().operand(3, Equation.ELLIPSIS).operand(Equation.ELLIPSIS).implicitOutput().text())
                .isEqualTo("i3 ..., ... -> ... i3");
        assertThat(Equation.indices().operand(1, 1).implicitOutput().result().elements()).isEmpty();
    }

    @Test
    void aListIsNotChangedByWhatIsAddedToIt() {
        IndexLists one = Equation.indices().operand(0);
        assertThat(one.operand(1).output(0, 1).operands()).hasSize(2);
        assertThat(one.output(0).operands()).hasSize(1);
    }

    @Test
    void mistakesAreRefused() {
        assertThatThrownBy(() -> Equation.indices().operand(0, -2))
                .hasMessage("index -2 in [0, -2]; expected 0 or more, or Equation.ELLIPSIS");
        assertThatThrownBy(() -> Equation.indices().output())
                .hasMessage("an einsum without operands; expected at least one list of indices");
        assertThatThrownBy(() -> Equation.indices().operand(0).output(1))
                .hasMessageContaining("output axis 'i1' is in no operand's term");
        assertThatThrownBy(() -> Binding.of(Equation.indices().operand(0, 1).output(0, 1), List.of(new long[]{2})))
                .hasMessageContaining("operand 0 has shape (2), 1 axis, but its term 'i0 i1' names 2");
    }
}
