package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.einscale.experiments.RecordedRun;
import org.einscale.experiments.UserError;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.Rung;
import org.einscale.experiments.sweep.ExperimentRun;
import org.einscale.experiments.sweep.Reproduction;
import org.einscale.experiments.sweep.Workplace;
import org.einscale.scaling.table.Run;
import org.einscale.tensor.Nearest;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale reproduce}: runs trials again from what a run has kept, and tells what differs. */
@Command(name = "reproduce", description = {"Run a run again from its folder alone, and show what differs.", "",
    "Settings, seed and machine profile are those that the folder holds. On a machine with the same vectors, with the same"
            + " program, every loss and every parameter should be equal in every bit; the exit code is 1 if one is not."}, footer = {
                "  einscale reproduce runs/quickstart", "  einscale reproduce runs/quickstart d32 -o runs/d32-again"})
public final class ReproduceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "RUN", description = "The folder of a run.")
    private Path folder = Path.of("");

    @Parameters(index = "1", arity = "0..*", paramLabel = "TRIAL", description = "Trials to run again. Default: all that have ended.")
    private List<String> trials = new ArrayList<>();

    @Option(names = {"-o",
        "--output"}, paramLabel = "DIR", description = "Where the trials are run. Default: RUN with -again behind it. A reproduction found there goes on.")
    private @Nullable Path output;

    @Option(names = "--fresh", description = "Delete the files of the reproduction found there, and start anew.")
    private boolean fresh;

    @Override
    public Integer call() {
        RecordedRun there = new RecordedRun(folder);
        List<Run> asked = asked(there.runs());
        Experiment experiment = there.experiment();
        List<Rung> ladder = asked.stream().map(run -> rung(experiment, run.trial())).toList();
        Path into = output == null ? Path.of(folder + "-again") : output;
        PrintWriter out = spec.commandLine().getOut();
        List<String> commandLine = spec.root().commandLine().getParseResult().originalArgs();
        boolean[] equal = new boolean[1];
        new ExperimentRun(spec.name(), commandLine, experiment, ladder, there::machine, Workplace.HERE,
                text -> spec.commandLine().getErr().println("einscale: warning: " + text)).in(into, fresh,
                        (run, runs) -> equal[0] = report(there, asked, new RecordedRun(run.path()), runs, out));
        return equal[0] ? 0 : 1;
    }

    private static boolean report(RecordedRun there, List<Run> asked, RecordedRun here, List<Run> again,
            PrintWriter out) {
        List<String> origins = there.provenanceDifferences(here);
        out.println(origins.isEmpty()
                ? "the same text, commit, Java and processor"
                : "differs in " + String.join(", ", origins));
        boolean equal = true;
        for (int i = 0; i < asked.size(); i++) {
            Reproduction trial = new Reproduction(there, asked.get(i), here, again.get(i));
            out.println(trial.text());
            equal &= trial.differences().isEmpty();
        }
        out.println("everything is in " + here.path());
        out.flush();
        return equal;
    }

    private List<Run> asked(List<Run> runs) {
        List<String> names = runs.stream().map(Run::trial).toList();
        trials.stream().filter(trial -> !names.contains(trial)).findFirst().ifPresent(trial -> {
            throw new UserError("no trial '%s' has ended in %s%s; there are %s".formatted(trial, folder,
                    Nearest.to(trial, names).map(near -> ", did you mean " + near + "?").orElse(""),
                    String.join(", ", names)));
        });
        if (names.isEmpty()) {
            throw new UserError(folder + ": no trial has ended yet");
        }
        return runs.stream().filter(run -> trials.isEmpty() || trials.contains(run.trial())).toList();
    }

    private static Rung rung(Experiment experiment, String name) {
        return Stream.concat(experiment.ladder().stream(), Stream.of(experiment.alone()))
                .filter(rung -> rung.name().equals(name)).findFirst()
                .orElseThrow(() -> new UserError("trial '" + name + "' is not among those that resolved.conf says"));
    }
}
