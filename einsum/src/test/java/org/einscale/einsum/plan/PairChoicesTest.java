package org.einscale.einsum.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.Gemm;
import org.einscale.tensor.blas.StridedGemm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PairChoicesTest {

    @ParameterizedTest
    @CsvSource({"ij, jk, ik", "ij, kj, ik", "ji, jk, ik"})
    void plainProductsGoToTheLibraryUnlessItsVectorsAreShorter(String a, String b, String result) {
        String call = best(a, b, result, Map.of('i', 1000, 'j', 1000, 'k', 1000)).choice().call();
        assertThat(call).startsWith(Gemm.lanes(Precision.FLOAT) < StridedGemm.lanes() ? "packed" : "sgemm");
    }

    @Test
    void scatteredTensorsAreNotCopied() {
        Map<Character, Integer> sizes = Map.of('a', 24, 'b', 42, 'c', 24, 'j', 24, 'k', 42);
        PairChoices.Copying best = best("abkc", "kj", "cbja", sizes);
        // Vectors of 16 numbers are what makes packing fast enough.
        assertThat(best.layouts().any()).isEqualTo(StridedGemm.lanes() < 16);
    }

    @Test
    void vectorsAndTinyProductsNeedNoPacking() {
        Map<Character, Integer> sizes = Map.of('i', 64, 'j', 64, 'k', 2);
        assertThat(best("ij", "j", "i", sizes).choice().call()).doesNotContain("packed");
        assertThat(best("i", "j", "ij", sizes).choice().call()).doesNotContain("packed");
        assertThat(best("ki", "ij", "kj", sizes).layouts().any()).isFalse();
    }

    @Test
    void theFastestByEstimateIsChosenAndCopiesLeastAmongEquals() {
        Tape tape = new Tape(Precision.FLOAT, true);
        Pair pair = pair(tape, "ij", "jk", "ik", Map.of('i', 30, 'j', 40, 'k', 50));
        PairChoices choices = new PairChoices(tape);
        PairChoices.Copying best = choices.best(pair);
        assertThat(choices.all(pair)).allMatch(other -> other.nanoseconds() >= best.nanoseconds());
        assertThat(best.layouts().any()).isFalse();
    }

    private static PairChoices.Copying best(String a, String b, String result, Map<Character, Integer> sizes) {
        Tape tape = new Tape(Precision.FLOAT, true);
        return new PairChoices(tape).best(pair(tape, a, b, result, sizes));
    }

    private static Pair pair(Tape tape, String a, String b, String result, Map<Character, Integer> sizes) {
        return new Pair(axes(a), place(tape, a, sizes), axes(b), place(tape, b, sizes), axes(result),
                place(tape, result, sizes));
    }

    private static List<Axis> axes(String term) {
        return term.chars().mapToObj(c -> new Axis(Character.toString(c))).toList();
    }

    private static Place place(Tape tape, String term, Map<Character, Integer> sizes) {
        return tape.temporary(term.chars().map(c -> sizes.get((char) c)).toArray());
    }
}
