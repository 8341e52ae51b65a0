package org.einscale.scaling.sweep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.einscale.scaling.sweep.TrialQueue.Ticket;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trials are pulled the longest first; whatever becomes of who pulled them, each ends once. */
class TrialQueueTest {
    private static final List<Trial> TRIALS = SweepTest.trials("lr = 0.01");
    private static final long LIMIT_SECONDS = 30;
    private static final TrialRunner ALONE = (_, _, _) -> {
        throw new AssertionError("nobody is to run it");
    };

    private @TempDir Path folder;
    private final TrialQueue queue = new TrialQueue(TRIALS);

    private Ticket pulled() throws InterruptedException {
        return queue.pull(ALONE).orElseThrow();
    }

    @Test
    void theLongestIsPulledFirstAndWhatIsGivenBackHasItsPlaceAgain() throws Exception {
        Ticket longest = pulled();
        assertThat(longest.trial().name()).isEqualTo("n5");
        assertThat(pulled().trial().name()).isEqualTo("n4");
        queue.giveBack(longest);
        assertThat(queue.waiting()).extracting(Trial::name).containsExactly("n5", "n3", "n2", "n1", "n0");
        assertThat(pulled().trial().name()).isEqualTo("n5");
    }

    @Test
    void aLateAnswerIsNotHeardNorGivenBackAgain() throws Exception {
        Ticket first = pulled();
        queue.giveBack(first);
        Ticket second = pulled();
        assertThat(second.trial()).isEqualTo(first.trial());
        assertThat(queue.end(first)).isFalse();
        queue.giveBack(first);
        assertThat(queue.waiting()).hasSize(5);
        assertThat(queue.end(second)).isTrue();
        assertThat(queue.end(second)).isFalse();
        queue.giveBack(second);
        assertThat(queue.waiting()).doesNotContain(first.trial());
    }

    @Test
    void whoFindsNoneWaitsForThoseThatOthersHave() throws Exception {
        List<Ticket> all = new ArrayList<>();
        for (int i = 0; i < TRIALS.size(); i++) {
            all.add(pulled());
        }
        FutureTask<Optional<Ticket>> more = new FutureTask<>(() -> queue.pull(ALONE));
        Thread.ofVirtual().start(more);
        queue.end(all.getFirst());
        queue.giveBack(all.getLast());
        Ticket again = more.get(LIMIT_SECONDS, TimeUnit.SECONDS).orElseThrow();
        assertThat(again.trial()).isEqualTo(all.getLast().trial());

        FutureTask<Optional<Ticket>> none = new FutureTask<>(() -> queue.pull(ALONE));
        Thread.ofVirtual().start(none);
        queue.end(again);
        all.forEach(queue::end);
        assertThat(none.get(LIMIT_SECONDS, TimeUnit.SECONDS)).isEmpty();
    }

    /** n5 is the trunk of all others. */
    private static final TrialRunner SHARING = new TrialRunner() {
        @Override
        public TrialResult run(Trial trial, Path folder, TrialListener listener) {
            throw new AssertionError("nobody is to run it");
        }

        @Override
        public Optional<String> trunk(Trial trial) {
            return Optional.of("n5").filter(name -> !name.equals(trial.name()));
        }
    };

    @Test
    void aTrialIsPulledWhenItsTrunkHasToldOfItOrHasEnded() throws Exception {
        Ticket trunk = queue.pull(SHARING).orElseThrow();
        assertThat(trunk.trial().name()).isEqualTo("n5");
        FutureTask<Optional<Ticket>> next = new FutureTask<>(() -> queue.pull(SHARING));
        Thread.ofVirtual().start(next);
        queue.branched("n2");
        Ticket branch = next.get(LIMIT_SECONDS, TimeUnit.SECONDS).orElseThrow();
        assertThat(branch.trial().name()).isEqualTo("n2");

        queue.giveBack(trunk);
        Ticket again = queue.pull(SHARING).orElseThrow();
        assertThat(again.trial()).isEqualTo(trunk.trial());
        queue.end(trunk);
        FutureTask<Optional<Ticket>> rest = new FutureTask<>(() -> queue.pull(SHARING));
        Thread.ofVirtual().start(rest);
        queue.end(again);
        assertThat(rest.get(LIMIT_SECONDS, TimeUnit.SECONDS).orElseThrow().trial().name()).isEqualTo("n4");
    }

    @Test
    void nothingIsPulledFromAClosedOne() throws Exception {
        Ticket pulled = pulled();
        queue.close();
        assertThat(queue.pull(ALONE)).isEmpty();
        assertThat(queue.end(pulled)).isTrue();
    }

    /** A worker that is lost in the midst of every trial, and comes back for it. */
    @Test
    void aSweepWhoseWorkersAreLostHasTheTableOfOneWhereTheyAreNot() throws Exception {
        List<Run> expected = new Sweep(folder.resolve("calm"), TRIALS, new Descent()).run(1, SweepListener.SILENT);
        List<String> givenBack = new ArrayList<>();
        List<String> ended = new ArrayList<>();
        Set<String> hit = new HashSet<>();
        TrialRunner unplugged = (trial, into, listener) -> {
            if (hit.add(trial.name())) {
                assertThatThrownBy(() -> new Descent().interruptedAt(trial.name(), 25).run(trial, into, listener))
                        .isInstanceOf(InterruptedException.class);
                throw new WorkerLost("unplugged", new IllegalStateException());
            }
            return new Descent().run(trial, into, listener);
        };
        Workers workers = (shift, atOnce) -> {
            Threads threads = new Threads();
            threads.start("unplugged", () -> {
                while (true) {
                    try {
                        shift.work("unplugged", unplugged);
                        return;
                    } catch (WorkerLost lost) {
                        shift.tell("comes back");
                    }
                }
            });
            return threads;
        };
        new Sweep(folder.resolve("hit"), TRIALS, workers, OnFailure.STOP).run(1, new SweepListener() {
            @Override
            public void givenBack(Trial trial, String reason) {
                givenBack.add(trial.name() + " " + reason);
            }

            @Override
            public void ended(Trial trial, Run run) {
                ended.add(trial.name());
            }
        });
        assertThat(RunTable.read(folder.resolve("hit/runs.csv"))).isEqualTo(expected);
        assertThat(folder.resolve("hit/history.csv")).hasSameTextualContentAs(folder.resolve("calm/history.csv"));
        assertThat(givenBack).containsExactly("n5 unplugged", "n4 unplugged", "n3 unplugged", "n2 unplugged",
                "n1 unplugged", "n0 unplugged");
        assertThat(ended).containsExactlyInAnyOrder("n0", "n1", "n2", "n3", "n4", "n5");
    }
}
