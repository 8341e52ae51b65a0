package org.einscale.einsum.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.einscale.einsum.program.Operation.Section;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PositionsTest {
    /** Axes a, b, c of 3, 4, 5 elements, of which a device has so many from a start on. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"a b c | 60 | 1 | 0", "a/x=2@1 b c | 40 | 1 | 20", "a b/x=2@1 c | 10 | 3 | 5",
        "a b c/x=2@3 | 2 | 12 | 3", "a/x=2@1 b c/y=2@3 | 2 | 8 | 23", "c/x=1@4 | 1 | 1 | 4",
        "a b/x=0@4 c | 0 | 3 | 20"})
    void runsHaveNoGapInTheWhole(String text, long run, long runs, long first) {
        Tensor tensor = Tensor.of(text);
        Positions positions = Positions.of(tensor.axes, tensor.sizes, Optional.empty());

        assertThat(positions.run()).isEqualTo(run);
        assertThat(positions.runs()).isEqualTo(runs);
        assertThat(positions.start(0)).isEqualTo(first);
    }

    private record Tensor(List<Axis> axes, Sizes sizes) {
        static Tensor of(String text) {
            List<Axis> axes = new ArrayList<>();
            Sizes sizes = Sizes.of(Map.of("a", 3, "b", 4, "c", 5));
            for (String item : text.split(" ")) {
                String[] sides = item.split("[/=@]");
                if (sides.length == 1) {
                    axes.add(new Axis(sides[0]));
                } else {
                    axes.add(new Axis(sides[0], List.of(sides[1])));
                    sizes = sizes.with(axes.getLast(), Integer.parseInt(sides[2]), Integer.parseInt(sides[3]));
                }
            }
            return new Tensor(axes, sizes);
        }
    }

    @Test
    void elementsStandWhereCountingFindsThem() {
        Random random = new Random(5);
        for (int sample = 0; sample < 500; sample++) {
            List<Axis> axes = new ArrayList<>();
            Sizes sizes = Sizes.of(new TreeMap<>());
            for (int i = random.nextInt(5); i > 0; i--) {
                Axis whole = new Axis("a" + i);
                int size = random.nextInt(6);
                int start = random.nextInt(size + 1);
                Axis part = random.nextBoolean() ? whole.over(List.of("x")) : whole;
                sizes = sizes.with(whole, size);
                if (!part.equals(whole)) {
                    sizes = sizes.with(part, random.nextInt(size - start + 1), start);
                }
                axes.add(part);
            }
            Optional<Section> section = axes.isEmpty() || random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(new Section(axes.get(random.nextInt(axes.size())).whole(), random.nextInt(3), 3));
            Positions positions = Positions.of(axes, sizes, section);
            List<Long> found = new ArrayList<>();
            for (long run = 0; positions.run() > 0 && run < positions.runs(); run++) {
                for (long i = 0; i < positions.run(); i++) {
                    found.add(positions.start(run) + i);
                }
            }
            assertThat(found).as("%s of %s, %s", axes, sizes, section).isEqualTo(counted(axes, sizes, section, 0));
            assertThat(positions.whole()).isEqualTo(sizes.volume(axes.stream().map(Axis::whole).toList())
                    * section.map(Section::count).orElse(1));
        }
    }

    /** Positions of the elements of a part, one axis after the other. */
    private static List<Long> counted(List<Axis> axes, Sizes sizes, Optional<Section> section, long before) {
        if (axes.isEmpty()) {
            return List.of(before);
        }
        Axis axis = axes.getFirst();
        int whole = sizes.of(axis.whole());
        Optional<Section> here = section.filter(s -> s.axis().equals(axis.whole()));
        int longer = here.map(Section::count).orElse(1) * whole;
        int start = here.map(Section::number).orElse(0) * whole + sizes.start(axis);
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < sizes.of(axis); i++) {
            all.addAll(counted(axes.subList(1, axes.size()), sizes, section, before * longer + start + i));
        }
        return all;
    }
}
