package org.einscale.scaling.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.einscale.scaling.table.Evaluation;
import org.einscale.scaling.table.HistoryTable;
import org.einscale.scaling.table.Run;
import org.einscale.scaling.table.RunTable;

/**
 * Where a trial is, as its files tell, whichever process runs it or has run it.
 *
 * @param name its name
 * @param n non-embedding parameters
 * @param tokens training tokens of the whole run
 * @param steps optimizer steps of the whole run
 * @param batchTokens tokens a step
 * @param run its row; empty where it has not ended
 * @param progress the last step that its training told of; empty before the first and after the end
 * @param heard when that was
 * @param evaluations all measurements so far
 */
public record TrialStatus(String name, long n, long tokens, long steps, long batchTokens, Optional<Run> run,
        Optional<Progress> progress, Optional<Instant> heard, List<Evaluation> evaluations) {

    /** Silence after which a training is no longer taken to go on. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** What a trial is doing. */
    public enum State {
        /** All steps done. */
        FINISHED,
        /** Stopped before its end. */
        FAILED,
        /** Begun, and heard of in the last minute. */
        TRAINING,
        /** Begun, and not heard of since: stopped, or in a step or an evaluation that takes as long. */
        SILENT,
        /** Not begun. */
        WAITING
    }

    /** The names of all trials that have a folder in that of a sweep, in alphabetical order. */
    public static List<String> names(Path sweep) {
        return List.copyOf(new SweepFolder(sweep).begun().keySet());
    }

    /**
     * Reads the trials of a sweep.
     *
     * @param sweep its folder
     * @param names trials, of which those without a folder are left out
     * @throws org.einscale.scaling.ScalingException where a file is there but damaged
     */
    public static List<TrialStatus> read(Path sweep, Collection<String> names) {
        Path table = sweep.resolve("runs.csv");
        Map<String, Run> ended = (Files.exists(table) ? RunTable.read(table) : List.<Run>of()).stream()
                .collect(Collectors.toMap(Run::trial, Function.identity()));
        Map<String, String> begun = new SweepFolder(sweep).begun();
        return names.stream().filter(begun::containsKey)
                .map(name -> read(name, begun.getOrDefault(name, ""), Optional.ofNullable(ended.get(name)),
                        sweep.resolve("trials").resolve(name)))
                .toList();
    }

    private static TrialStatus read(String name, String configuration, Optional<Run> run, Path folder) {
        Map<String, String> plan = configuration.lines().map(line -> line.split(" = ", 2))
                .filter(sides -> sides.length == 2)
                .collect(Collectors.toMap(sides -> sides[0], sides -> sides[1].strip(), (first, _) -> first));
        Path history = folder.resolve("history.csv");
        List<Evaluation> evaluations = Files.exists(history)
                ? HistoryTable.read(history).stream().map(HistoryTable.Row::evaluation).toList()
                : List.of();
        Optional<ProgressFile.Heard> heard = run.isPresent() ? Optional.empty() : ProgressFile.read(folder);
        return new TrialStatus(name, count(plan, "n"), count(plan, "tokens"), count(plan, "steps"),
                count(plan, "batch_tokens"), run, heard.map(ProgressFile.Heard::progress),
                heard.map(ProgressFile.Heard::at), evaluations);
    }

    private static long count(Map<String, String> plan, String key) {
        String text = plan.getOrDefault(key, "");
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    /** What it is doing at a moment. */
    public State state(Instant now) {
        if (run.isPresent()) {
            return switch (run.get().status()) {
                case FINISHED -> State.FINISHED;
                case FAILED -> State.FAILED;
            };
        }
        return heard.map(at -> silence(now).compareTo(PATIENCE) < 0 ? State.TRAINING : State.SILENT)
                .orElse(evaluations.isEmpty() ? State.WAITING : State.SILENT);
    }

    /** How long it has not been heard of; nothing where it never was. */
    public Duration silence(Instant now) {
        return heard.map(at -> Duration.between(at, now)).filter(time -> !time.isNegative()).orElse(Duration.ZERO);
    }

    /** Optimizer steps done. */
    public long step() {
        if (run.isPresent()) {
            return run.get().status() == Run.Status.FINISHED ? steps : run.get().failedStep().orElse(0);
        }
        long evaluated = evaluations.isEmpty() ? 0 : evaluations.getLast().step();
        return Math.max(evaluated, progress.map(Progress::step).orElse(0L));
    }

    /** Time that the rest takes at the present speed; empty where that is unknown. */
    public Optional<Duration> left() {
        return progress.map(Progress::tokensPerSecond).filter(speed -> speed > 0)
                .map(speed -> Duration.ofMillis(Math.round(1e3 * (steps - step()) * batchTokens / speed)));
    }
}
