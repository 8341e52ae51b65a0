package org.einscale.experiments.report;

import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.einscale.experiments.LoopbackServer;
import org.einscale.experiments.RecordedRun;
import org.einscale.scaling.table.Run;

/**
 * A run that is looked at again and again. Its law is fitted anew when more trials have ended, one fit at a time and beside the answers,
 * which have the last law until then; with few bootstrap replicates, as other work is going on.
 */
public final class WatchedRun {
    private static final int REPLICATES = 50;
    private static final long MOMENT_MILLIS = 1500;

    private final RecordedRun folder;
    private final Clock clock;
    private Optional<Fitting> last = Optional.empty();
    private Optional<Fitting> next = Optional.empty();

    /** A law that is being fitted, or has been, to trials that had ended. */
    private record Fitting(List<Run> runs, CompletableFuture<RunPage> page) {}

    public WatchedRun(RecordedRun folder, Clock clock) {
        this.folder = folder;
        this.clock = clock;
    }

    /** The run as its files tell now. */
    public synchronized RunPage now() {
        return page(MOMENT_MILLIS);
    }

    /** The same when its law is that of all trials that have ended. */
    public synchronized RunPage settled() {
        return page(Long.MAX_VALUE);
    }

    /** What a server answers about it, by path: a page, and what of it may change. */
    public Map<String, LoopbackServer.Page> pages() {
        return Map.of("/", new LoopbackServer.Page("text/html; charset=utf-8", () -> now().live()), "/data.json",
                new LoopbackServer.Page("application/json", () -> now().json()));
    }

    private RunPage page(long patienceMillis) {
        RunSnapshot run = RunSnapshot.of(folder, clock.instant());
        if (next.isEmpty() && last.filter(fitting -> fitting.runs().equals(run.runs())).isEmpty()) {
            next = Optional.of(new Fitting(run.runs(), CompletableFuture
                    .supplyAsync(() -> new RunPage(run, SweepFit.of(run, REPLICATES)))));
        }
        next.filter(fitting -> isDone(fitting, patienceMillis)).ifPresent(fitting -> {
            last = next;
            next = Optional.empty();
        });
        return last.map(fitting -> fitting.page().join())
                .map(known -> new RunPage(run, known.fit(), known.scale()))
                .orElseGet(() -> new RunPage(run, new SweepFit(Optional.empty(), "it is being fitted")));
    }

    private static boolean isDone(Fitting fitting, long patienceMillis) {
        CompletableFuture<Boolean> done = fitting.page().handle((_, _) -> true);
        return done.completeOnTimeout(false, patienceMillis, TimeUnit.MILLISECONDS).join();
    }
}
