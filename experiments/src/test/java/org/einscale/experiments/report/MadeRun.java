package org.einscale.experiments.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.einscale.experiments.Provenance;
import org.einscale.experiments.RecordedRun;
import org.einscale.experiments.RunFolder;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.ExperimentFile;
import org.einscale.scaling.sweep.Progress;
import org.einscale.scaling.sweep.Sweep;
import org.einscale.scaling.sweep.SweepListener;
import org.einscale.scaling.sweep.Trial;
import org.einscale.scaling.sweep.TrialFailure;
import org.einscale.scaling.sweep.TrialListener;
import org.einscale.scaling.sweep.TrialResult;
import org.einscale.scaling.table.Evaluation;

/** A run whose trainings are made up: losses by 3 + 20 N^-0.4, a thousandth off by turns. */
final class MadeRun {
    /** What must never get into a page as a tag. */
    static final String HOSTILE = "</script><b>";
    static final List<Integer> WIDTHS = List.of(4, 8, 12, 16, 24, 32);

    private MadeRun() {
    }

    /**
     * Runs as many trials as asked, the largest first, and is killed in the next, after three of its four evaluations.
     *
     * @param trials all if that many
     */
    static RecordedRun of(Path folder, int trials) throws IOException {
        Path file = Files.writeString(folder.resolveSibling("made.conf"), """
                data.source = "%s"
                sweep { workers = 1, sizes = [%s] }
                fit.bootstrap = 20
                """.formatted(HOSTILE, String.join(", ", WIDTHS.stream().map(d -> "{ d = " + d + " }").toList())));
        Experiment experiment = ExperimentFile.read(file, List.of());
        List<Trial> all = WIDTHS.stream().map(MadeRun::trial).toList();
        int[] left = {trials};
        Provenance provenance = new Provenance("sweep", List.of("sweep", HOSTILE), List.of(), 1, "abc", Instant.EPOCH,
                "1",
                "c0ffee", "diff " + HOSTILE, "Java", "Linux", "Processor", 2);
        try (RunFolder run = RunFolder.open(folder, false, experiment, provenance)) {
            new Sweep(run.path(), all, (trial, _, listener) -> train(trial, listener, left[0]--)).run(run.lock(), 1,
                    SweepListener.SILENT);
        } catch (InterruptedException killed) {
            // As meant.
        }
        return new RecordedRun(folder);
    }

    private static Trial trial(int width) {
        return new Trial("d" + width, 100L * width * width, 100L * width * width + 64, 1, width, 4000, 4000, 40, 100,
                0.01, 1, 700.0 * width * width * 4000, 50.0 * width * 4000, "d = " + width);
    }

    private static TrialResult train(Trial trial, TrialListener listener, int left) throws InterruptedException {
        if (left < 0) {
            throw new InterruptedException();
        }
        if (trial.width() == WIDTHS.getFirst()) {
            throw new TrialFailure(7, "loss is " + HOSTILE);
        }
        double loss = (3 + 20 * Math.pow(trial.n(), -0.4)) * (1 + 1e-3 * (trial.width() % 8 == 0 ? 1 : -1));
        for (int step = 10; step <= 40; step += 10) {
            if (left == 0 && step == 40) {
                throw new InterruptedException();
            }
            listener.progressed(new Progress(step, 40, loss * 50 / step, 1000));
            listener.evaluated(new Evaluation(step, 100L * step, loss * 50 / step, loss * 40 / step));
        }
        return new TrialResult(loss, loss, loss / 2, 3, 1000, 1);
    }
}
