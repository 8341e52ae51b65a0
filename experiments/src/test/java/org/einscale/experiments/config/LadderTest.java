package org.einscale.experiments.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.einscale.trainer.config.SettingError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LadderTest {
    @TempDir
    private Path folder = Path.of("");

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            sizes = [{ d = 8 }, { d = 16, name = wide }]                   | d8 wide
            grid { d = [8, 16], layers = [1, 2] }                          | d8-layers1 d8-layers2 d16-layers1 d16-layers2
            grid { seed = [1, 2] }, sizes = [{ d = 8 }, { name = a, d = 16 }] | d8-seed1 d8-seed2 a-seed1 a-seed2
            zip { d = [8, 16], h = [1, 2] }                                | d8-h1 d16-h2
            zip { d = [8, 16], h = [1, 2] }, grid.tied = [true, false]     | d8-h1-tiedtrue d16-h2-tiedtrue d8-h1-tiedfalse d16-h2-tiedfalse
            grid.learning-rate { log-range = [1e-3, 1e-1], count = 3 }     | learning-rate0.001 learning-rate0.01 learning-rate0.1
            grid.dropout { range = [0, 0.2], count = 3 }                   | dropout0 dropout0.1 dropout0.2
            grid.d { log-range = [16, 256], count = 4, multiple-of = 16 }  | d16 d48 d96 d256
            grid.optimizer.beta2 = [0.9, 0.99]                             | optimizer.beta20.9 optimizer.beta20.99
            grid.tokens = [1e6, 4e9]                                       | tokens1000000 tokens4e9
            grid.block = [[attention], [attention, mlp]]                   | blockattention blockattentionmlp
            sizes = [{ d = 8, grid.tokens = [100, 200] }, { d = 16 }]      | d8-tokens100 d8-tokens200 d16
            grid { d = [8, 16, 32], layers = [1, 2] }, exclude = "d > 8 and layers = 2" | d8-layers1 d8-layers2 d16-layers1 d32-layers1
            grid { d = [8, 12], h = [1, 8] }, exclude = "h = 8 and d = 12" | d8-h1 d8-h8 d12-h1
            grid { learning-rate = [1, 2] }, exclude = "not (learning-rate < 2)" | learning-rate1
            grid { schedule.kind = [cosine, wsd] }, exclude = "training.schedule.kind = 'wsd'" | schedule.kindcosine
            """)
    void trialsAreAllCombinations(String sweep, String names) throws IOException {
        assertThat(ladder(sweep)).extracting(Rung::name).containsExactly(names.split(" "));
    }

    @Test
    void aCombinationSetsAllThatItsPartsSet() throws IOException {
        Settings last = ladder("""
                sizes = [{ d = 8, h = 2, grid { tokens-per-parameter = [5, 20] } }]
                zip { batch = [2, 4], learning-rate = [0.1, 0.2] }
                grid.seed = [1, 7]
                """).getLast().settings();

        assertThat(last.seed()).isEqualTo(7);
        assertThat(last.training().budget()).isEqualTo(new Budget.TokensPerParameter(20));
        assertThat(last.training().batch()).isEqualTo(4);
        assertThat(last.training().learningRate()).isEqualTo(new LearningRate.Fixed(0.2));
    }

    @Test
    void drawsFollowFromTheSeedAndMoreOfThemLeaveTheFirst() throws IOException {
        String random = """
                random { count = %d, learning-rate { log-range = [1e-3, 1e-1] }, d { range = [8, 64], multiple-of = 8 },
                         tied = [true, false] }
                """;
        List<Rung> few = ladder(random.formatted(5));
        List<Rung> more = ladder(random.formatted(200));

        assertThat(few).hasSize(5).isEqualTo(ladder(random.formatted(5)));
        assertThat(few).extracting(Rung::settings)
                .isEqualTo(more.subList(0, 5).stream().map(Rung::settings).toList());
        assertThat(more).extracting(rung -> rung.settings().training().learningRate().any())
                .allMatch(rate -> rate >= 1e-3 && rate <= 1e-1);
        assertThat(more).filteredOn(rung -> rung.settings().training().learningRate().any() < 1e-2).hasSizeBetween(75,
                125);
        assertThat(more).extracting(rung -> rung.settings().model().spec().axes().get("d")).contains(8, 16, 40, 64);
        Files.writeString(folder.resolve("sweep.conf"), "seed = 2, sweep { " + random.formatted(5) + " }");
        assertThat(ExperimentFile.read(folder.resolve("sweep.conf"), List.of()).ladder()).extracting(Rung::name)
                .doesNotContainAnyElementsOf(few.stream().map(Rung::name).toList());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            grid.d = []                           | sweep.grid.d: expected at least one value, found none
            grid.d = 8                            | sweep.grid.d: expected a list of values, or one range such as { log-range = [1e-4, 1e-2], count = 5 }
            grid.d { range = [1, 2], log-range = [1, 2] } | sweep.grid.d: expected a list of values, or one range
            grid.d { range = [8, 16] }            | sweep.grid.d.count: missing; expected a whole number of at least 2
            grid.d { range = [16, 8], count = 2 } | sweep.grid.d.range: expected [low, high], the lower first
            grid.d { log-range = [0, 8], count = 2 } | sweep.grid.d.log-range: expected a list of numbers above 0, found a list
            grid.d { log-range = [8, 16], cuont = 2 } | sweep.grid.d.cuont: no such setting; did you mean sweep.grid.d.count?
            grid.d { log-range = [8, 16], count = 9, multiple-of = 8 } | sweep.grid.d: has 8 twice; each value makes trials once
            grid.d = [8, 8]                       | sweep.grid.d: has 8 twice; each value makes trials once
            grid.dd = [8, 16]                     | sweep.grid.dd: no such setting; did you mean d?
            grid.data.source = [a, b]             | sweep.grid.data: no such setting
            grid.d = [8, eight]                   | model.axes.d: expected a whole number of at least 1, found "eight"
            zip { d = [8, 16], h = [1] }          | sweep.zip: expected as many values of each setting, found 2 of d, 1 of h
            zip { d = [8], h = [1] }, grid.h = [2] | sweep.zip.h: is set a second time in the trial h2; keep one of the two
            sizes = [{ d = 8 }], grid.d = [16]    | sweep.sizes[0].d: is set a second time in the trial d8; keep one of the two
            sizes = [{ d = 8 }], grid.model.axes.d = [16] | sweep.sizes[0].model: sets model.axes.d a second time; keep one of the two
            sizes = [{ name = a, d = 8 }, { name = a, d = 16 }] | sweep.sizes[1]: a second trial named 'a'; give one of them another `name`
            random { d = [8, 16] }                | sweep.random.count: missing; expected a whole number of at least 1
            random { count = 3 }                  | sweep.random: expected settings to draw
            random { count = 3, d = [8, 16] }     | sweep.random: expected values of which there are 3 different draws, found 2
            random { count = 1000000, d = [8] }   | sweep.random.count: expected at most 1000, the setting sweep.limit, found 1000000
            grid.d { range = [1, 2], count = 1000000 } | sweep.grid.d.count: expected at most 1000, the setting sweep.limit, found 1000000
            grid { d { range = [1, 1e6], count = 1000 }, learning-rate { range = [1, 2], count = 1000 } } | sweep: 1,000,000 trials, of which one may be d1-learning-rate1; expected at most 1,000, the setting sweep.limit
            grid.d = [8, 16], exclude = "d < 20"  | sweep.exclude: leaves none of the 2 trials
            grid.d = [8, 16], exclude = "dd < 20" | sweep.exclude: 'dd' is no setting of a trial; did you mean d?
            grid.d = [8, 16], exclude = "d <"     | sweep.exclude: condition d <, character 4: expected a column, a number, or a text in single quotes, found the end
            grid.d = [8], on-failure = "retry"    | sweep.on-failure: expected continue, stop or retry and a number of times, as in 'retry 2'; found 'retry'
            """)
    void aBadSweepIsToldInOneLine(String sweep, String message) {
        assertThatThrownBy(() -> ladder(sweep)).isInstanceOf(SettingError.class).hasMessageContaining(":1: " + message)
                .hasMessageNotContaining("\n");
    }

    private List<Rung> ladder(String sweep) throws IOException {
        Path file = Files.writeString(folder.resolve("sweep.conf"), "sweep { " + sweep + " }");
        return ExperimentFile.read(file, List.of()).ladder();
    }
}
