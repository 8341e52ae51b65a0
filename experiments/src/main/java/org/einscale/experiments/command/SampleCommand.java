package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import org.einscale.experiments.UserError;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunTable;
import org.einscale.tensor.Nearest;
import org.einscale.trainer.SampleRequest;
import org.einscale.trainer.Sampler;
import org.einscale.trainer.SavedModel;
import org.einscale.trainer.sample.TokenChooser;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale sample}: lets a trained model write, shown as it is written. */
@Command(name = "sample", description = {"Let a trained model go on from a prompt.", "",
    "Of a sweep the largest model that is finished writes, unless --trial names another. The same command writes the"
            + " same text."}, footer = {"  einscale sample runs/quickstart --prompt \"whale:\"",
                "  einscale sample runs/quickstart --trial d64 --temperature 0.6 --seed 7 --tokens 300"})
public final class SampleCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "The folder of a run.")
    private Path run = Path.of("");

    @Option(names = "--prompt", paramLabel = "TEXT", defaultValue = "", description = "What to go on from. Default: the start of a document.")
    private String prompt = "";

    @Option(names = "--trial", paramLabel = "NAME", defaultValue = "", description = "Which model of a sweep. Default: the largest.")
    private String trial = "";

    @Option(names = "--tokens", paramLabel = "COUNT", defaultValue = "200", description = "Most tokens to write. Default: ${DEFAULT-VALUE}.")
    private int tokens;

    @Option(names = "--temperature", paramLabel = "T", defaultValue = "0.8", description = "Divides the logits; 0 always takes the likeliest token. Default: ${DEFAULT-VALUE}.")
    private double temperature;

    @Option(names = "--top-k", paramLabel = "K", defaultValue = "0", description = "Choose among the K likeliest tokens; 0: among all. Default: ${DEFAULT-VALUE}.")
    private int topK;

    @Option(names = "--top-p", paramLabel = "P", defaultValue = "0.95", description = "Choose among the likeliest tokens that make up this share. Default: ${DEFAULT-VALUE}.")
    private double topP;

    @Option(names = "--seed", paramLabel = "SEED", defaultValue = "1", description = "Another seed writes another text. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--document", description = "Stop where the document ends.")
    private boolean wholeDocument;

    @Override
    public Integer call() {
        SampleRequest request = new SampleRequest(prompt, tokens, new TokenChooser(temperature, topK, topP),
                wholeDocument, seed);
        PrintWriter out = spec.commandLine().getOut();
        try (Sampler sampler = Sampler.load(model())) {
            sampler.warnings().forEach(text -> spec.commandLine().getErr().println("einscale: warning: " + text));
            out.print(prompt);
            sampler.sample(request, piece -> {
                out.print(piece);
                out.flush();
            });
            out.println();
            out.flush();
        }
        return 0;
    }

    /** The folder of the model: the run's own, or that of one of its trials. */
    private Path model() {
        if (Files.isRegularFile(run.resolve(SavedModel.FILE))) {
            if (!trial.isEmpty()) {
                throw new UserError(
                        "--trial %s: %s is the folder of one model; leave --trial out, or name the folder of"
                                .formatted(trial, run) + " the sweep");
            }
            return run;
        }
        if (!Files.isRegularFile(run.resolve("runs.csv"))) {
            throw new UserError(
                    run + ": no run there; expected a folder that `einscale sweep` or `einscale train` wrote");
        }
        List<Run> finished = RunTable.read(run.resolve("runs.csv")).stream()
                .filter(row -> row.status() == Run.Status.FINISHED).toList();
        return run.resolve("trials").resolve(trial.isEmpty() ? largest(finished) : named(finished));
    }

    private String largest(List<Run> finished) {
        return finished.stream().max(Comparator.comparingLong(Run::n)).map(Run::trial)
                .orElseThrow(() -> new UserError(run + ": no trial has finished yet"));
    }

    private String named(List<Run> finished) {
        List<String> names = finished.stream().map(Run::trial).toList();
        Path trials = run.resolve("trials");
        if (!names.contains(trial)) {
            throw new UserError("--trial %s: no finished trial of that name in %s%s; there are %s".formatted(trial, run,
                    Nearest.to(trial, names, near -> Files.isRegularFile(trials.resolve(near).resolve(SavedModel.FILE)))
                            .map(near -> ", did you mean " + near + "?").orElse(""),
                    String.join(", ", names)));
        }
        return trial;
    }
}
