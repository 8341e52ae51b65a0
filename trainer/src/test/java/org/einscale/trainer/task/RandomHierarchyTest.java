package org.einscale.trainer.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.typesafe.config.ConfigFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.einscale.tensor.random.Philox;
import org.einscale.trainer.config.Section;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RandomHierarchyTest {

    /** Every class written in every way. */
    private static Map<String, Integer> all(RandomHierarchy task, long seed) {
        RandomHierarchy.Rules rules = task.examples(seed);
        int choices = (task.length() - 1) / (task.branching() - 1);
        Map<String, Integer> classes = new HashMap<>();
        int[] tokens = new int[task.length()];
        for (int of = 0; of < task.classes(); of++) {
            for (int code = 0; code < Math.pow(task.synonyms(), choices); code++) {
                int ways = code;
                rules.write(of, node -> ways / (int) Math.pow(task.synonyms(), node) % task.synonyms(), tokens, 0);
                Integer before = classes.put(Arrays.toString(tokens), of);
                assertThat(before).as("a text of two derivations").isNull();
            }
        }
        return classes;
    }

    /** No two derivations give the same tokens, so that the class follows from them. */
    @ParameterizedTest
    @CsvSource({"2, 1, 2, 2, 3", "3, 2, 2, 2, 4", "2, 3, 2, 2, 4", "2, 1, 3, 3, 3", "4, 2, 2, 4, 4"})
    void thereAreAsManyExamplesAsTheFormulaSays(int classes, int levels, int branching, int synonyms, int symbols) {
        RandomHierarchy task = new RandomHierarchy(classes, levels, branching, synonyms, symbols);
        assertThat((double) all(task, 5).size()).isEqualTo(task.different());
    }

    @Test
    void examplesAreAmongThemWithTheirClasses() {
        RandomHierarchy task = new RandomHierarchy(3, 2, 2, 2, 4);
        Map<String, Integer> all = all(task, 5);
        RandomHierarchy.Rules rules = task.examples(5);
        int[] tokens = new int[task.length()];
        int[] counts = new int[3];
        for (int i = 0; i < 3000; i++) {
            int of = rules.draw(Philox.of(1, "test"), i, tokens, 0);
            assertThat(all).containsEntry(Arrays.toString(tokens), of);
            counts[of]++;
        }
        for (int count : counts) {
            assertThat(count / 3000.0).isCloseTo(1.0 / 3, within(0.05));
        }
    }

    /**
     * What the first tuple of an example says of its class, from all examples of many drawn rules. The formula is for many
     * symbols: of 8 it is off by a few in 100.
     */
    @ParameterizedTest
    @CsvSource({"1, 4", "2, 4", "2, 2"})
    void theSignalOfATupleIsThatOfTheFormula(int levels, int synonyms) {
        RandomHierarchy task = new RandomHierarchy(8, levels, 2, synonyms, 8);
        double sum = 0;
        int rules = 200;
        for (int seed = 0; seed < rules; seed++) {
            sum += signal(task, seed);
        }
        double finite = 1 - 1.0 / task.classes();
        assertThat(sum / rules / finite).isCloseTo(task.signal(), within(0.15 * task.signal()));
    }

    private static double signal(RandomHierarchy task, long seed) {
        Map<String, double[]> counts = new HashMap<>();
        all(task, seed).forEach((tokens, of) -> {
            String first = String.join(" ", Arrays.asList(tokens.substring(1, tokens.length() - 1).split(", "))
                    .subList(0, task.branching()));
            counts.computeIfAbsent(first, tuple -> new double[task.classes()])[of]++;
        });
        double sum = 0;
        for (double[] count : counts.values()) {
            double total = Arrays.stream(count).sum();
            sum += Arrays.stream(count).map(c -> Math.pow(c / total - 1.0 / task.classes(), 2)).sum();
        }
        return sum / counts.size() / task.classes();
    }

    @Test
    void signalIsAsLargeAsTheNoiseOfThatManyExamples() {
        RandomHierarchy task = new RandomHierarchy(8, 3, 2, 4, 8);
        double noise = task.symbols() * task.synonyms() / (task.classes() * task.complexity());
        assertThat(task.complexity()).isEqualTo(512);
        assertThat(noise).isCloseTo(task.signal(), within(1e-12));
    }

    @Test
    void itsTextIsReadBack() {
        RandomHierarchy task = new RandomHierarchy(8, 3, 2, 4, 8);
        assertThat(TaskKind.read(Section.at("task", ConfigFactory.parseString(task.text())))).contains(task);
    }

    @Test
    void moreSynonymsThanTuplesAreRefused() {
        assertThatThrownBy(() -> new RandomHierarchy(4, 2, 2, 5, 4)).hasMessage(
                "synonyms is 5; expected at least 1 and at most 4, as symbols^branching tuples go round so often");
    }
}
