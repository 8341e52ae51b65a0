package org.einscale.einsum.plan.product;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.einscale.einsum.plan.memory.Place;
import org.einscale.einsum.plan.tape.Tape;
import org.einscale.einsum.plan.tape.Target;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Rates;
import org.einscale.tensor.profile.Vectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class PairChoicesTest {

    /** The rates of Zen 3, where the packed product is a little slower than BLAS, dot products much. */
    private static final Profile SLOW_DOTS = with(Profile.BITS_256, new Rates(88, 0, 80, 52, 20, 8, 1, 14, 60));

    @ParameterizedTest
    @CsvSource({"ij, jk, ik", "ij, kj, ik", "ji, jk, ik"})
    void plainProductsGoToTheLibraryUnlessOursAreFaster(String a, String b, String result) {
        Map<Character, Integer> sizes = Map.of('i', 1000, 'j', 1000, 'k', 1000);
        Profile shortBlas = Profile.typical(new Vectors(16, 32, 8), false);
        assertThat(call(Profile.BITS_512, a, b, result, sizes)).startsWith("sgemm");
        assertThat(call(SLOW_DOTS, a, b, result, sizes)).startsWith("sgemm");
        assertThat(call(shortBlas, a, b, result, sizes)).startsWith("packed");
        assertThat(call(Profile.NO_VECTORS, a, b, result, sizes)).startsWith("sgemm");
    }

    @ParameterizedTest
    @CsvSource({"1024, 256, 1024", "1024, 64, 4096", "512, 128, 2048"})
    void rowsThatAreContiguousAlongTheSumGoToDotProductsOnlyWhereTheseAreFast(int i, int k, int j) {
        Map<Character, Integer> sizes = Map.of('i', i, 'j', j, 'k', k);
        Profile fastDots = with(Profile.BITS_256, new Rates(80, 0, 70, 130, 20, 8, 1, 14, 60));
        assertThat(call(SLOW_DOTS, "ij", "kj", "ik", sizes)).startsWith("sgemm");
        assertThat(call(fastDots, "ij", "kj", "ik", sizes)).startsWith("dot product tiles");
    }

    @Test
    void scatteredTensorsAreCopiedOnlyWhereThatIsFast() {
        Map<Character, Integer> sizes = Map.of('a', 24, 'b', 42, 'c', 24, 'j', 24, 'k', 42);
        Profile slowCopies = with(Profile.BITS_512, new Rates(248, 248, 245, 200, 30, 50, 0.3, 38, 50));
        assertThat(best(slowCopies, "abkc", "kj", "cbja", sizes).layouts().any()).isFalse();
        assertThat(best(Profile.NO_VECTORS, "abkc", "kj", "cbja", sizes).layouts().any()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("machines")
    void vectorsAndTinyProductsNeedNoPacking(Profile machine) {
        Map<Character, Integer> sizes = Map.of('i', 64, 'j', 64, 'k', 2);
        assertThat(call(machine, "ij", "j", "i", sizes)).doesNotContain("packed");
        assertThat(call(machine, "i", "j", "ij", sizes)).doesNotContain("packed");
        assertThat(best(machine, "ki", "ij", "kj", sizes).layouts().any()).isFalse();
    }

    @ParameterizedTest
    @MethodSource("machines")
    void aMachineWithoutVectorsHasNoProductsOfOurOwn(Profile machine) {
        Tape tape = new Tape(new Target(Precision.FLOAT, machine, true));
        Pair pair = pair(tape, "ij", "kj", "ik", Map.of('i', 30, 'j', 40, 'k', 50));
        assertThat(new PairChoices(tape.target()).all(pair).stream().map(choice -> choice.choice().call())
                .anyMatch(call -> call.startsWith("packed") || call.startsWith("dot product")))
                .isEqualTo(machine.vectorised());
    }

    @Test
    void aProductOfWhichNothingNeedsToMoveCopiesNothing() {
        assertThat(best(Profile.BITS_256, "ij", "jk", "ik", Map.of('i', 30, 'j', 40, 'k', 50)).layouts().any())
                .isFalse();
    }

    private static Stream<Profile> machines() {
        return Stream.of(Profile.BITS_128, Profile.BITS_256, SLOW_DOTS, Profile.BITS_512, Profile.NO_VECTORS);
    }

    private static Profile with(Profile profile, Rates rates) {
        return new Profile(profile.processor(), profile.vectors(), profile.caches(), rates);
    }

    private static String call(Profile machine, String a, String b, String result, Map<Character, Integer> sizes) {
        return best(machine, a, b, result, sizes).choice().call();
    }

    private static PairChoices.Copying best(Profile machine, String a, String b, String result,
            Map<Character, Integer> sizes) {
        Tape tape = new Tape(new Target(Precision.FLOAT, machine, true));
        return new PairChoices(tape.target()).best(pair(tape, a, b, result, sizes));
    }

    private static Pair pair(Tape tape, String a, String b, String result, Map<Character, Integer> sizes) {
        return new Pair(axes(a), place(tape, a, sizes), axes(b), place(tape, b, sizes), axes(result),
                place(tape, result, sizes));
    }

    private static List<Axis> axes(String term) {
        return term.chars().mapToObj(c -> new Axis(Character.toString(c))).toList();
    }

    private static Place place(Tape tape, String term, Map<Character, Integer> sizes) {
        return tape.temporary(term.chars().mapToLong(c -> sizes.get((char) c)).toArray());
    }
}
