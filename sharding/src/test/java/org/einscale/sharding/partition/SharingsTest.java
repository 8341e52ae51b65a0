package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which ways to share {@code b d, d f -> b f} follow from how its operands and result are. */
class SharingsTest {
    private static final Form FORM = form();

    private static Form form() {
        ProgramBuilder builder = new ProgramBuilder();
        builder.einsum("b d, d f -> b f", builder.input("x", "b d"), builder.input("w", "d f"));
        return Form.of(builder.last());
    }

    private static Sharding sharding(String text) {
        String[] sides = text.strip().split(" sum ");
        List<List<String>> split = new ArrayList<>();
        for (String over : sides[0].split(" ")) {
            split.add(over.equals("*") ? List.of() : List.of(over.split("\\+")));
        }
        return new Sharding(split, new TreeSet<>(sides.length == 1 ? List.of() : List.of(sides[1])));
    }

    private static Sharings sharings(String mesh, int size, List<Set<Sharding>> operands, Sharding result) {
        Mesh of = Mesh.of(mesh);
        return new Sharings(of, of.axes().keySet().stream().map(List::of).toList(), FORM,
                Map.of(new Axis("b"), size, new Axis("d"), size, new Axis("f"), size), operands, result);
    }

    private static String text(Sharing sharing) {
        StringBuilder text = new StringBuilder();
        new TreeMap<>(sharing.split())
                .forEach((name, over) -> text.append(name).append('=').append(String.join("+", over)).append(' '));
        sharing.passed().forEach((axis, operands) -> text.append(operands).append(" sum ").append(axis).append(' '));
        return text.isEmpty() ? "-" : text.toString().strip();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=2 | x * | * * | x * | b=x", "x=2 | * x | x * | * * | d=x",
        "x=2 | * * | * x | * * | f=x", "x=2 | x * | * x | x * | b=x; f=x",
        "x=2 | * * sum x | * * | * * | -; [0] sum x", "x=2 | * * | * * | * * | -", "x=2 | * * | x * | * * | d=x",
        "x=2,y=2 | x * | * y | x y | b=x f=y", "x=2,y=2 | y+x * | * * | y+x * | b=y+x"})
    void followFromWhatIsThereAndWanted(String mesh, String x, String w, String y, String sharings) {
        List<Set<Sharding>> operands = List.of(Set.of(sharding(x)), Set.of(sharding(w)));

        assertThat(String.join("; ", sharings(mesh, 8, operands, sharding(y)).suggested().stream()
                .map(SharingsTest::text).toList())).isEqualTo(sharings);
    }

    /** Where the result is split over a and b and an operand over c and a, the order is c, a, b. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"c+a * | * * | a+b * | b=c+a+b", "a * | b+c * | a b+c | b=a d=b+c",
        "b+c * | * * | a+b * | b=a+b+c", "c+b+a * | * * | * * | b=c+b+a", "a+b * | * * | b+a * | b=b+a"})
    void meshAxesComeInTheOrderThatAllAgreeOn(String x, String w, String y, String sharing) {
        List<Set<Sharding>> operands = List.of(Set.of(sharding(x)), Set.of(sharding(w)));

        assertThat(sharings("a=2,b=2,c=2", 8, operands, sharding(y)).suggested()).extracting(SharingsTest::text)
                .contains(sharing);
    }

    /** Unless an operand is dealt out so already. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=4 | * * | -", "x=3 | * * | b=x", "x=4 | x * | b=x"})
    void anAxisIsNotSharedByMoreDevicesThanItHasElements(String mesh, String x, String sharings) {
        List<Set<Sharding>> operands = List.of(Set.of(sharding(x)), Set.of(sharding("* *")));

        assertThat(sharings(mesh, 3, operands, sharding("x *")).suggested()).extracting(SharingsTest::text)
                .containsExactly(sharings);
    }

    @Test
    void allAreEveryMeshAxisAlongEveryNameOrNone() {
        List<Set<Sharding>> whole = List.of(Set.of(sharding("* *")), Set.of(sharding("* *")));

        assertThat(sharings("x=2", 8, whole, sharding("* *")).all()).extracting(SharingsTest::text)
                .containsExactlyInAnyOrder("-", "b=x", "d=x", "f=x");
        // Two mesh axes along 4 places each, but for 3 that both share, in two orders.
        assertThat(sharings("x=2, y=2", 8, whole, sharding("* *")).all()).hasSize(4 * 4 + 3);
    }

    /** Along b, as the result is, and along d, where both operands are split; along d alone; along f. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=2,y=3 | x y | y * | x * | 6", "x=2,y=3 | * y | * * | x * | 2",
        "x=2,y=3 | * y | y * | x * | 6", "x=2,y=3 | * * | * y | * x | 2", "x=2,y=3 | * * | * y | * * | 1"})
    void naturalIsWhatNobodyHasToChoose(String mesh, String x, String w, String y, int devices) {
        List<Set<Sharding>> operands = List.of(Set.of(sharding(x)), Set.of(sharding(w)));

        assertThat(sharings(mesh, 12, operands, sharding(y)).natural()).isEqualTo(devices);
    }

    @Test
    void namesAreThoseOfTheResultFirst() {
        assertThat(FORM.names()).containsExactlyElementsOf(axes("b f d"));
    }
}
