package org.einscale.experiments.explain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.cost.Traffic;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.Pass;
import org.einscale.einsum.pass.Passes;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.UserError;
import org.einscale.experiments.config.Experiment;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.PlannedStep;

/** Makes the program of a training step, applies passes to it, and says what each statement costs. */
public final class StepExplanation {
    /** Instead of a pass: the program as it is written. */
    public static final String NONE = "none";
    /** Instead of a pass: all of them, and the calls that the statements become. */
    public static final String PLAN = "plan";

    private final String after;
    private final Program program;
    private final Sizes sizes;
    private final Traffic traffic;
    private final LayerFilter layer;
    private final Plan plan;

    private StepExplanation(Program written, Context context, String after, List<Pass> passes, LayerFilter layer) {
        this.after = after;
        this.program = Passes.apply(passes, written, context);
        this.sizes = SizeInference.infer(program, context.sizes());
        this.traffic = new Traffic(program, sizes, context.precision());
        this.layer = layer;
        layer.check(program);
        this.plan = Plan.compile(written, context, true);
    }

    /**
     * The step of an experiment's model.
     *
     * @param after
     *            one of the {@link #stages}
     * @param layer
     *            whose statements to list, by components of the names of their results; empty for all
     * @param machine
     *            that the plan is made for
     * @throws UserError
     *             if there is no such pass or layer
     */
    public static StepReport of(Experiment experiment, String after, String layer,
            Supplier<Profile> machine) {
        List<Pass> passes = passes(after);
        PlannedStep step = TrainerSettings.step(experiment.settings(), machine.get());
        return new StepExplanation(step.program(), step.context(), after,
                passes,
                new LayerFilter(layer)).report(experiment.name());
    }

    /** What {@code after} may be, in order, each with what it does. */
    public static SequencedMap<String, String> stages() {
        SequencedMap<String, String> stages = new LinkedHashMap<>();
        stages.put(NONE, "nothing: the program as it is written");
        Passes.ALL.forEach(pass -> stages.put(pass.name(), pass.description()));
        stages.put(PLAN, "all of them, and the calls of kernels that come out");
        return stages;
    }

    /** The last pass by its name. */
    public static String lastPass() {
        return Passes.ALL.getLast().name();
    }

    private static List<Pass> passes(String after) {
        List<String> stages = List.copyOf(stages().keySet());
        int stage = stages.indexOf(after);
        if (stage < 0) {
            throw new UserError("--after " + after + ": no such pass"
                    + Nearest.to(after, stages).map(near -> ", did you mean " + near + "?").orElse("")
                    + "; there are " + String.join(", ", stages));
        }
        return Passes.ALL.subList(0, Math.min(stage, Passes.ALL.size()));
    }

    private StepReport report(String experiment) {
        List<StepReport.Block> blocks = after.equals(PLAN) ? planned() : statements();
        Map<String, Integer> named = new TreeMap<>();
        sizes.axes().forEach(axis -> named.put(axis.name(), sizes.of(axis)));
        double whole = program.statements().stream().mapToDouble(statement -> Flops.of(statement, sizes)).sum();
        boolean calls = after.equals(PLAN);
        return new StepReport(experiment, after, layer.layer(), named, blocks,
                sum(blocks, calls, StepReport.Line::flops, StepReport.Call::flops),
                sum(blocks, calls, StepReport.Line::bytesRead, StepReport.Call::bytesRead),
                sum(blocks, calls, StepReport.Line::bytesWritten, StepReport.Call::bytesWritten), whole, plan.bytes());
    }

    private static double sum(List<StepReport.Block> blocks, boolean calls, ToDoubleFunction<StepReport.Line> ofLine,
            ToDoubleFunction<StepReport.Call> ofCall) {
        return calls
                ? blocks.stream().flatMap(block -> block.calls().stream()).mapToDouble(ofCall).sum()
                : blocks.stream().flatMap(block -> block.statements().stream()).mapToDouble(ofLine).sum();
    }

    private List<StepReport.Block> statements() {
        List<StepReport.Block> blocks = new ArrayList<>();
        for (List<Statement> block : program.blocks()) {
            List<StepReport.Line> chosen = lines(block);
            if (!chosen.isEmpty()) {
                blocks.add(new StepReport.Block(block.size() > 1, chosen, List.of()));
            }
        }
        return blocks;
    }

    /** Statements with the calls that they become: a call is beside the last of the statements that share it. */
    private List<StepReport.Block> planned() {
        Map<Value, List<StepReport.Call>> calls = new HashMap<>();
        List<StepReport.Call> last = new ArrayList<>();
        for (Plan.Line line : plan.lines()) {
            line.statement().map(statement -> calls.computeIfAbsent(statement.result(), _ -> new ArrayList<>()))
                    .orElse(last).add(new StepReport.Call(line.work().call(), line.work().flops(), line.work().read(),
                            line.work().written()));
        }
        List<StepReport.Block> blocks = new ArrayList<>();
        for (List<Statement> block : program.blocks()) {
            List<Statement> waiting = new ArrayList<>();
            for (Statement statement : block) {
                waiting.add(statement);
                List<StepReport.Call> made = calls.getOrDefault(statement.result(), List.of());
                boolean ends = statement.equals(block.getLast());
                if ((!made.isEmpty() || ends) && waiting.stream().anyMatch(layer::chooses)) {
                    blocks.add(new StepReport.Block(waiting.size() > 1, waiting.stream().map(this::line).toList(),
                            made));
                }
                if (!made.isEmpty() || ends) {
                    waiting.clear();
                }
            }
        }
        if (layer.isEverything() && !last.isEmpty()) {
            blocks.add(new StepReport.Block(false, List.of(), last));
        }
        return blocks;
    }

    private List<StepReport.Line> lines(List<Statement> block) {
        return block.stream().filter(layer::chooses).map(this::line).toList();
    }

    private StepReport.Line line(Statement statement) {
        List<Integer> shape = statement.result().axes().stream().map((Axis axis) -> sizes.of(axis)).toList();
        return new StepReport.Line(statement.toString(), shape, Flops.of(statement, sizes), traffic.read(statement),
                traffic.written(statement));
    }
}
