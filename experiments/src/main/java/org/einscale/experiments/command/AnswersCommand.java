package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.einscale.experiments.UserError;
import org.einscale.experiments.answer.KnownAnswer;
import org.einscale.experiments.answer.LookupAnswers;
import org.einscale.experiments.answer.SubtaskAnswers;
import org.einscale.experiments.answer.TaskModel;
import org.einscale.scaling.plot.EmergenceFigure;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunTable;
import org.einscale.trainer.task.RandomHierarchy;
import org.einscale.trainer.task.SparseParity;
import org.einscale.trainer.task.ZipfLookup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale answers}: what models trained on a task know, beside what they can know. */
@Command(name = "answers", description = {"Compare the models of a run on a task with the known answer.", "",
    "Losses are compared with the floor, the entropy of the answers, and with the loss of one who knows nothing. The models of a"
            + " zipf-lookup are asked for every key: how often keys are asked that they do not know; the share of keys"
            + " known; and of examinations of 4, 8 and 16 different keys the share passed. For models that"
            + " differ in what they have seen, the exponent of what is not known is compared with that of the exact sum. For"
            + " models of several sizes, emergence.png and emergence.svg in the run's folder draw all of this against"
            + " size. The models of a sparse-parity are asked for every subtask, and their loss is compared with that of one who"
            + " knows the same subtasks and guesses at the others."}, footer = {"  einscale answers runs/lookup",
                "  einscale answers runs/emergence --examinations 100000"})
public final class AnswersCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "The folder of a run of `einscale sweep` or `einscale train` on a task.")
    private Path run = Path.of("");

    @Option(names = "--examinations", paramLabel = "COUNT", defaultValue = "10000", description = "Examinations of each length. Default: ${DEFAULT-VALUE}.")
    private int examinations;

    @Override
    public Integer call() {
        List<TaskModel> models = models();
        PrintWriter out = spec.commandLine().getOut();
        KnownAnswer known = new KnownAnswer(models);
        switch (models.getFirst().task()) {
            case ZipfLookup _ -> lookup(out, known, models);
            case SparseParity _ -> out.print(known.head() + SubtaskAnswers.of(models));
            case RandomHierarchy _ -> out.print(known);
        }
        out.flush();
        return 0;
    }

    private void lookup(PrintWriter out, KnownAnswer known, List<TaskModel> models) {
        LookupAnswers answers = LookupAnswers.of(models, Math.max(1, examinations));
        out.print(known.head() + answers);
        if (answers.severalSizes()) {
            EmergenceFigure figure = answers.figure();
            List.of("emergence.png", "emergence.svg").forEach(name -> figure.write(run.resolve(name)));
            out.println("drawn in " + run.resolve("emergence.png") + " and .svg");
        }
    }

    private List<TaskModel> models() {
        Path table = run.resolve("runs.csv");
        if (!Files.isRegularFile(table)) {
            throw new UserError(
                    run + ": no run there; expected a folder that `einscale sweep` or `einscale train` wrote");
        }
        List<TaskModel> models = RunTable.read(table).stream().filter(row -> row.status() == Run.Status.FINISHED)
                .map(row -> TaskModel.of(row, run.resolve("trials").resolve(row.trial()))).toList();
        if (models.isEmpty()) {
            throw new UserError(run + ": no trial has finished yet");
        }
        return models;
    }
}
