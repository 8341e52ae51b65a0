package org.einscale.experiments.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.ExperimentFile;
import org.einscale.experiments.config.Rung;
import org.einscale.experiments.sweep.ExperimentRun;
import org.einscale.experiments.sweep.Workplace;
import org.einscale.scaling.table.Run;
import org.einscale.tensor.profile.Profile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that run an experiment have in common: its file, overrides of it, and where its results go. */
final class ExperimentOptions {
    @Parameters(paramLabel = "CONFIG", description = "The experiment's file, in HOCON.")
    private Path file = Path.of("");

    @Option(names = "-S", paramLabel = "PATH=VALUE", description = "Override a setting, for example -S training.batch=16. May be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = {"-o",
        "--output"}, paramLabel = "DIR", description = "The run's folder. Default: runs/ and the name of CONFIG. A run found there is resumed if its settings are the same.")
    private @Nullable Path output;

    @Option(names = "--fresh", description = "Delete the files of the run found in the folder, and no others, and start anew.")
    private boolean fresh;

    @Mixin
    private StandbyOption standby = new StandbyOption();

    @Mixin
    private MachineOption machine = new MachineOption();

    /** What a run that begins is planned for. */
    Profile machine() {
        return machine.profile();
    }

    Experiment read() {
        return ExperimentFile.read(file, overrides);
    }

    /** Where the results go. */
    Path folder(Experiment experiment) {
        return output == null ? Path.of("runs", experiment.name()) : output;
    }

    /** Where warnings go. */
    static Consumer<String> warnings(CommandSpec command) {
        return text -> command.commandLine().getErr().println("einscale: warning: " + text);
    }

    /** Runs the ladder in the run's folder; the exit code says whether all trials finished. */
    int run(CommandSpec command, Experiment experiment, List<Rung> ladder, Workplace workplace,
            ExperimentRun.Completion completion) {
        List<String> commandLine = command.root().commandLine().getParseResult().originalArgs();
        standby.await(folder(experiment), command.commandLine().getErr());
        List<Run> runs = new ExperimentRun(command.name(), commandLine, experiment, ladder, machine::profile, workplace,
                warnings(command))
                .in(folder(experiment), fresh, completion);
        return runs.stream().allMatch(run -> run.status() == Run.Status.FINISHED) ? 0 : 1;
    }
}
