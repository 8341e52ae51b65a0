package org.einscale.einsum.plan.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.plan.tape.Target;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.profile.Profile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayoutsTest {

    /** Orders of the copies of operands and result, "-" for a tensor that stays as it is. */
    @ParameterizedTest
    @CsvSource({
        // The contiguous axis stays innermost.
        "ij, jk, ik, true, true, true, ij, jk, ik", "ji, jk, ik, true, false, false, ji, -, -",
        "ij, kj, ik, false, true, false, -, kj, -", "bij, bjk, bik, true, true, false, bij, bjk, -",
        // Axes of a kind come in the order of a tensor that stays as it is.
        "njmi, mknl, lkji, true, true, false, nmji, nmlk, -", "njmi, mknl, lkji, true, true, true, nmji, nmkl, jikl",
        "lik, jkl, ji, true, false, false, ikl, -, -", "lik, jkl, ji, true, true, false, ilk, jlk, -"})
    void ordersOfCopies(String a, String b, String result, boolean copyA, boolean copyB, boolean copyResult, String toA,
            String toB, String toResult) {
        Tape tape = new Tape(new Target(Precision.FLOAT, Profile.BITS_256, true));
        Pair pair = new Pair(axes(a), place(tape, a), axes(b), place(tape, b), axes(result), place(tape, result));

        Layouts layouts = Layouts.of(pair, copyA, copyB, copyResult);

        assertThat(List.of(text(layouts.a()), text(layouts.b()), text(layouts.result())))
                .containsExactly(toA, toB, toResult);
        assertThat(layouts.any()).isTrue();
    }

    private static List<Axis> axes(String term) {
        return term.chars().mapToObj(c -> new Axis(Character.toString(c))).toList();
    }

    private static Place place(Tape tape, String term) {
        return tape.temporary(term.chars().mapToLong(c -> 2).toArray());
    }

    private static String text(Optional<List<Axis>> order) {
        return order.map(axes -> axes.stream().map(Axis::toString).collect(Collectors.joining())).orElse("-");
    }
}
