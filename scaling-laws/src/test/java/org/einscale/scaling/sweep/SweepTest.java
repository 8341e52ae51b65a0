package org.einscale.scaling.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.FolderLock;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepTest {

    private static final List<Trial> TRIALS = trials("lr = 0.01\nwarmup = 5\ndecay = 0.1");

    private @TempDir Path folder;

    static List<Trial> trials(String configuration) {
        return IntStream.range(0, 6).mapToObj(i -> {
            long n = 1000L << i;
            return new Trial("n" + i, n, n + 256, 2, 32, 4000, 4000, 40, 100, 0.01, 1, 6.5 * n * 4000, 0.25 * n * 4000,
                    "size = " + i + "\n" + configuration);
        }).toList();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 16})
    void theTablesDoNotDependOnTheWorkers(int workers) throws Exception {
        List<Run> runs = new Sweep(folder.resolve("a"), TRIALS, new Descent()).run(workers, SweepListener.SILENT);
        new Sweep(folder.resolve("b"), TRIALS, new Descent()).run(1, SweepListener.SILENT);
        assertThat(runs).extracting(Run::trial).containsExactly("n0", "n1", "n2", "n3", "n4", "n5");
        assertThat(runs).extracting(Run::valLoss).isSortedAccordingTo(Collections.reverseOrder());
        assertThat(RunTable.read(folder.resolve("a/runs.csv"))).isEqualTo(runs);
        for (String table : List.of("runs.csv", "history.csv")) {
            assertThat(folder.resolve("a").resolve(table)).hasSameTextualContentAs(folder.resolve("b").resolve(table));
        }
        assertThat(HistoryTable.read(folder.resolve("a/history.csv"))).hasSize(24);
    }

    @Test
    void rowsCarryThePlanAndBothCounts() throws Exception {
        Run run = new Sweep(folder, TRIALS, new Descent()).run().get(1);
        assertThat(run.nEmbedding()).isEqualTo(256);
        assertThat(run.flops6nd()).isEqualTo(6.0 * 2000 * 4000);
        assertThat(run.flopsAttention()).isEqualTo(6.25 * 2000 * 4000);
        assertThat(run.flopsProgram()).isEqualTo(6.5 * 2000 * 4000);
        assertThat(run.status()).isEqualTo(Run.Status.FINISHED);
    }

    @Test
    void theLargestStartsFirst() throws Exception {
        var order = Collections.synchronizedList(new ArrayList<String>());
        new Sweep(folder, TRIALS, new Descent()).run(1, new SweepListener() {
            @Override
            public void started(Trial trial, String worker) {
                order.add(trial.name());
            }
        });
        assertThat(order).containsExactly("n5", "n4", "n3", "n2", "n1", "n0");
    }

    /** The runner is interrupted when one trial has ended, in the middle of another between two checkpoints. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aKilledSweepEndsWithTheNumbersOfAnUndisturbedOne(int workers) throws Exception {
        Path killed = folder.resolve("killed");
        assertThatThrownBy(() -> new Sweep(killed, TRIALS, new Descent().interruptedAt("n3", 25)).run(workers,
                SweepListener.SILENT))
                .isInstanceOf(InterruptedException.class);
        assertThat(killed.resolve("trials/n3/result.json")).doesNotExist();
        List<String> before = RunTable.read(killed.resolve("runs.csv")).stream().map(Run::trial).toList();
        assertThat(before).isNotEmpty().doesNotContain("n3");

        var again = new Descent();
        var kept = Collections.synchronizedList(new ArrayList<String>());
        new Sweep(killed, TRIALS, again).run(workers, new SweepListener() {
            @Override
            public void kept(Trial trial, Run run) {
                kept.add(trial.name());
            }
        });
        assertThat(kept).containsAll(before).doesNotContain("n3");
        assertThat(again.firstStep("n3")).isEqualTo(21);
        assertThat(again.ran()).doesNotContainAnyElementsOf(kept);

        new Sweep(folder.resolve("whole"), TRIALS, new Descent()).run(1, SweepListener.SILENT);
        for (String table : List.of("runs.csv", "history.csv")) {
            assertThat(killed.resolve(table)).hasSameTextualContentAs(folder.resolve("whole").resolve(table));
        }
    }

    @Test
    void anEndedSweepRunsNothingAgain() throws Exception {
        List<Run> first = new Sweep(folder, TRIALS, new Descent()).run();
        var again = new Descent();
        assertThat(new Sweep(folder, TRIALS, again).run()).isEqualTo(first);
        assertThat(again.ran()).isEmpty();
    }

    @Test
    void aLossThatIsNotFiniteFailsItsTrialForGoodAndTheOthersGoOn() throws Exception {
        List<Run> runs = new Sweep(folder, TRIALS, new Descent().divergingAt("n4", 17)).run(2, SweepListener.SILENT);
        assertThat(runs).filteredOn(run -> run.status() == Run.Status.FINISHED).hasSize(5);
        Run failed = runs.get(4);
        assertThat(failed.status()).isEqualTo(Run.Status.FAILED);
        assertThat(failed.failedStep()).hasValue(17);
        assertThat(failed.failure()).isEqualTo("training loss is NaN");
        assertThat(RunTable.read(folder.resolve("runs.csv"))).isEqualTo(runs);
        var again = new Descent();
        assertThat(new Sweep(folder, TRIALS, again).run()).isEqualTo(runs);
        assertThat(again.ran()).isEmpty();
    }

    @Test
    void anyOtherFailureIsTriedAgain() throws Exception {
        for (Throwable cause : List.of(new IOException("No space left on device"), new OutOfMemoryError("heap"),
                new AssertionError())) {
            Run failed = new Sweep(folder, TRIALS, new Descent().failingAt("n2", 12, cause))
                    .run(2, SweepListener.SILENT).get(2);
            assertThat(failed.status()).isEqualTo(Run.Status.FAILED);
            assertThat(failed.failedStep()).hasValue(11);
            assertThat(failed.failure()).startsWith(cause.getClass().getSimpleName());
        }
        var again = new Descent();
        assertThat(new Sweep(folder, TRIALS, again).run().get(2).status()).isEqualTo(Run.Status.FINISHED);
        assertThat(again.ran()).containsExactly("n2");
    }

    @Test
    void aTrialIsTriedAgainFromItsCheckpointAsOftenAsAsked() throws Exception {
        for (int retries : new int[]{1, 2}) {
            var steps = new ArrayList<Long>();
            var told = new ArrayList<String>();
            var descent = new Descent().failingAt("n2", 25, new IOException("flaky"));
            TrialRunner flaky = (trial, own, listener) -> {
                TrialRunner healthy = steps.size() < 2 ? descent : new Descent();
                try {
                    return healthy.run(trial, own, listener);
                } finally {
                    steps.add(descent.firstStep("n2"));
                }
            };
            Run run = new Sweep(folder.resolve("retries" + retries), TRIALS.subList(2, 3), flaky,
                    OnFailure.of("retry " + retries)).run(1, new SweepListener() {
                        @Override
                        public void retried(Trial trial, String failure, int left) {
                            told.add(trial.name() + " " + failure + " " + left);
                        }
                    }).getFirst();
            assertThat(steps).hasSize(retries + 1).startsWith(1L, 21L);
            assertThat(run.status()).isEqualTo(retries == 1 ? Run.Status.FAILED : Run.Status.FINISHED);
            assertThat(told).hasSize(retries).last().isEqualTo("n2 IOException: flaky 1");
        }
    }

    @Test
    void aLossThatIsNotFiniteIsNotTriedAgain() throws Exception {
        var tries = new ArrayList<String>();
        TrialRunner diverging = (trial, own, listener) -> {
            tries.add(trial.name());
            throw new TrialFailure(7, "training loss is NaN");
        };
        new Sweep(folder, TRIALS.subList(0, 1), diverging, OnFailure.of("retry 3")).run();
        assertThat(tries).containsExactly("n0");
    }

    @Test
    void aSweepThatStopsAtAFailureSaysSoUntilTheTrialIsAnother() throws Exception {
        var first = new Descent().divergingAt("n3", 17);
        assertThatThrownBy(() -> new Sweep(folder, TRIALS, first, OnFailure.STOP).run(1, SweepListener.SILENT))
                .isInstanceOf(SweepStopped.class)
                .hasMessage("trial n3 failed at step 17: training loss is NaN");
        assertThat(first.ran()).containsExactlyInAnyOrder("n5", "n4", "n3");
        assertThat(RunTable.read(folder.resolve("runs.csv"))).extracting(Run::trial).containsExactly("n3", "n4", "n5");
        assertThatThrownBy(() -> new Sweep(folder, TRIALS, new Descent(), OnFailure.STOP).run())
                .isInstanceOf(SweepStopped.class);
        assertThat(new Sweep(folder, TRIALS, new Descent()).run()).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "retry", "retry 0", "retry -1", "retry 2 times", "Stop"})
    void whatToDoAtAFailureIsOneOfThree(String text) {
        assertThatThrownBy(() -> OnFailure.of(text)).isInstanceOf(ScalingException.class)
                .hasMessageContaining("expected continue, stop or retry");
        assertThat(OnFailure.of("retry 2")).isEqualTo(new OnFailure(2, false));
    }

    @Test
    void aFinalLossThatIsNotFiniteIsAFailure() throws Exception {
        TrialRunner nothing = (trial, own, listener) -> new TrialResult(1, Double.POSITIVE_INFINITY, 1, 1, 1, 1);
        Run run = new Sweep(folder, TRIALS.subList(0, 1), nothing).run().getFirst();
        assertThat(run.status()).isEqualTo(Run.Status.FAILED);
        assertThat(run.failure()).isEqualTo("validation loss is Infinity");
    }

    @Test
    void aFolderOfAnotherSweepIsRefusedUntouched() throws Exception {
        new Sweep(folder, TRIALS, new Descent()).run();
        String before = Files.readString(folder.resolve("runs.csv"));
        assertThatThrownBy(() -> new Sweep(folder, trials("lr = 0.02\nwarmup = 5\ndecay = 0.2"), new Descent()).run())
                .isInstanceOf(ScalingException.class)
                .hasMessage(folder
                        + " was begun with another configuration: trial n0 had lr = 0.01, decay = 0.1 where it now has lr ="
                        + " 0.02, decay = 0.2; choose a new folder or the old configuration");
        assertThat(folder.resolve("runs.csv")).hasContent(before);
    }

    @Test
    void aLongerLadderGoesOnInTheSameFolder() throws Exception {
        new Sweep(folder, TRIALS.subList(0, 4), new Descent()).run();
        var rest = new Descent();
        assertThat(new Sweep(folder, TRIALS, rest).run()).hasSize(6);
        assertThat(rest.ran()).containsExactlyInAnyOrder("n4", "n5");
    }

    @Test
    void aShorterLadderLeavesTrialsOutOfTheTablesAndTakesThemBack() throws Exception {
        List<Run> whole = new Sweep(folder, TRIALS, new Descent()).run();
        var none = new Descent();
        var told = new ArrayList<String>();
        List<Run> short4 = new Sweep(folder, TRIALS.subList(1, 5), none).run(1, new SweepListener() {
            @Override
            public void planned(int kept, List<Trial> rest, List<String> leftOut) {
                told.add(kept + " " + rest + " " + leftOut);
            }
        });

        assertThat(told).containsExactly("4 [] [n0, n5]");
        assertThat(short4).isEqualTo(whole.subList(1, 5)).isEqualTo(RunTable.read(folder.resolve("runs.csv")));
        assertThat(HistoryTable.read(folder.resolve("history.csv"))).extracting(HistoryTable.Row::trial).contains("n1")
                .doesNotContain("n0", "n5");
        assertThat(new Sweep(folder, TRIALS, none).run()).isEqualTo(whole);
        assertThat(none.ran()).isEmpty();
    }

    @Test
    void aTrialIsKnownByItsConfigurationAndNotByItsNameOrPlace() throws Exception {
        List<Run> first = new Sweep(folder, TRIALS, new Descent()).run();
        Trial changed = new Trial("n5", 999, 1255, 2, 32, 4000, 4000, 40, 100, 0.01, 1, 1, 0, "another");
        List<Trial> reordered = List.of(renamed(TRIALS.get(2), "n1"), renamed(TRIALS.get(1), "n2"), changed,
                renamed(TRIALS.get(5), "five"));
        var second = new Descent();
        List<Run> runs = new Sweep(folder, reordered, second).run();

        assertThat(second.ran()).containsExactly("n5");
        assertThat(runs).extracting(Run::trial).containsExactly("n1", "n2", "n5", "five");
        assertThat(runs.get(0)).isEqualTo(first.get(2).named("n1"));
        assertThat(runs.get(3)).isEqualTo(first.get(5).named("five"));
        assertThat(HistoryTable.read(folder.resolve("history.csv"))).extracting(HistoryTable.Row::trial)
                .containsOnly("n1", "n2", "n5", "five");
        var third = new Descent();
        assertThat(new Sweep(folder, TRIALS, third).run()).isEqualTo(first);
        assertThat(third.ran()).isEmpty();
    }

    private static Trial renamed(Trial trial, String name) {
        return new Trial(name, trial.n(), trial.nTotal(), trial.layers(), trial.width(), trial.tokens(),
                trial.uniqueTokens(),
                trial.steps(), trial.batchTokens(), trial.learningRate(), trial.seed(), trial.flopsProgram(),
                trial.attentionFlops(), trial.configuration());
    }

    @Test
    void twoSweepsDoNotShareAFolderAtOnce() throws Exception {
        TrialRunner nested = (trial, own, listener) -> {
            assertThatThrownBy(() -> new Sweep(folder, TRIALS, new Descent()).run())
                    .isInstanceOf(ScalingException.class)
                    .hasMessage("another sweep is running in " + folder + ": wait for it or choose another folder");
            return new TrialResult(1, 1, 1, 1, 1, 1);
        };
        assertThat(new Sweep(folder, TRIALS.subList(0, 1), nested).run().getFirst().failure()).isEmpty();
    }

    @Test
    void whoeverHoldsTheFolderMayRunTheSweep() throws Exception {
        try (FolderLock lock = FolderLock.take(folder)) {
            assertThat(new Sweep(folder, TRIALS, new Descent()).run(lock, 2, SweepListener.SILENT)).hasSize(6);
            assertThatThrownBy(() -> new Sweep(folder.resolve("other"), TRIALS, new Descent()).run(lock, 2,
                    SweepListener.SILENT)).hasMessageContaining("needs the lock of it, found that of " + folder);
            assertThatThrownBy(() -> FolderLock.take(folder)).isInstanceOf(ScalingException.class);
        }
        FolderLock.take(folder).close();
    }

    @Test
    void aFolderThatCannotBeWrittenIsTold() throws IOException {
        Path blocked = Files.writeString(folder.resolve("file"), "");
        assertThatThrownBy(() -> new Sweep(blocked.resolve("sweep"), TRIALS, new Descent()).run())
                .isInstanceOf(ScalingException.class)
                .hasMessageStartingWith("cannot write " + blocked.resolve("sweep") + ": ")
                .hasMessageNotContaining("\n");
    }

    @Test
    void whenResultsCannotBeKeptTheSweepStopsAndGoesOnLater() throws Exception {
        Path obstacle = folder.resolve("trials/n4/result.json.new/occupied");
        TrialRunner full = (trial, own, listener) -> {
            if (trial.name().equals("n4")) {
                Files.createDirectories(obstacle);
            }
            return new Descent().run(trial, own, listener);
        };
        assertThatThrownBy(() -> new Sweep(folder, TRIALS, full).run(1, SweepListener.SILENT))
                .isInstanceOf(ScalingException.class)
                .hasMessageStartingWith("cannot write").hasMessageEndingWith("what was written before is kept");
        assertThat(RunTable.read(folder.resolve("runs.csv"))).extracting(Run::trial).containsExactly("n5");
        Files.delete(obstacle);
        Files.delete(obstacle.getParent());
        assertThat(new Sweep(folder, TRIALS, new Descent()).run()).extracting(Run::status)
                .containsOnly(Run.Status.FINISHED);
    }

    @Test
    void plansThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Sweep(folder, List.of(), new Descent()))
                .hasMessage("a sweep needs at least one trial");
        assertThatThrownBy(() -> new Sweep(folder, List.of(TRIALS.get(0), TRIALS.get(0)), new Descent()))
                .hasMessage("two trials of the sweep have the name n0");
        assertThatThrownBy(() -> new Sweep(folder, TRIALS, new Descent()).run(0, SweepListener.SILENT))
                .hasMessage("a sweep needs at least 1 worker, found 0");
        assertThatThrownBy(() -> new Trial("../x", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, ""))
                .hasMessageContaining("'../x'");
        assertThatThrownBy(() -> new Trial("x", 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, ""))
                .hasMessageContaining("found 2 of 1");
    }
}
