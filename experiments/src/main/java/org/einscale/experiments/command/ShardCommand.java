package org.einscale.experiments.command;

import com.typesafe.config.ConfigUtil;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.einscale.experiments.OutputFile;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.ExperimentFile;
import org.einscale.experiments.plan.PlanDifference;
import org.einscale.experiments.plan.PlanFile;
import org.einscale.experiments.shard.Drawing;
import org.einscale.experiments.shard.MeshTable;
import org.einscale.experiments.shard.PlanSearch;
import org.einscale.experiments.shard.ShardReport;
import org.einscale.experiments.shard.ShardTable;
import org.einscale.experiments.shard.ShardedEinsum;
import org.einscale.experiments.shard.StagedStep;
import org.einscale.experiments.shard.SvgDrawing;
import org.einscale.experiments.shard.WhyNotReport;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.partition.Partition;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale shard}: says what devices of a mesh compute and send for one einsum or for a step of a training. */
@Command(name = "shard", description = {"Say what devices of a mesh compute and send.", "",
    "For an einsum between tensors that are split over the mesh: which collectives bring the operands together and the"
            + " result to where it is wanted. --in and --out say how they are split: j=x splits axis j over the mesh axis"
            + " x, j=x+y over x and within that over y, j=x:(1)2 over the outermost 2 of x, and partial=x says that the"
            + " devices along x have addends of the tensor. What is not said is whole.",
    "",
    "For a file of settings: what a step of that training sends, by the settings mesh, rules and preset or the options in"
            + " their place.",
    "",
    "A plan of a training step can be kept (--save), compared (--diff), asked (--why-not), and trained by: einscale train"
            + " CONFIG -S shard.plan=FILE does what it says, if the model is the one that it was made for.",
    "",
    "Rules ask for what finishes a sum, a maximum or a minimum along an axis that they split; for what moves a value that"
            + " they are about by its name, or as a parameter or state of the optimizer; for what brings a value to where"
            + " they want it in the end; and those of sequence, context and expert, if all are there, for what moves by"
            + " them. All else is implicit, and refused with --forbid-implicit.",
    "",
    "While devices run, each one's bytes, messages, rounds, multiplications and memory are held against what was predicted;"
            + " where they differ, the run ends and says so.",
    "",
    "Bytes are those that the busiest device sends: of V bytes on n devices, all-gather and reduce-scatter send V (n -"
            + " 1) / n, all-reduce twice that."}, footer = {
                "  einscale shard \"ij,jk->ik\" --sizes i=128,j=64,k=256 --mesh x=2 --in j=x --in j=x --out k=x --explain",
                "  einscale shard \"b l d, d f -> b l f\" --sizes b=8,l=64,d=64,f=256 --mesh data=2,model=2 --in b=data --in f=model --out b=data,f=model",
                "  einscale shard \"ij,jk->ik\" --sizes i=5,j=4,k=6 --mesh x=2,y=2 --in i=x --in k=y --out i=x,k=y --draw out",
                "  einscale shard experiments/configs/quickstart.conf --mesh data=2,model=2 --preset data,megatron",
                "  einscale shard mine.conf --mesh data=4 --preset fsdp --explain",
                "  einscale shard mine.conf --mesh data=2,model=2 --preset data,megatron --why-not block.0.mlp.up=d:model",
                "  einscale shard mine.conf --mesh data=2 --preset fsdp --draw block.0.mlp.up --svg up.svg",
                "  einscale shard mine.conf --mesh data=4 --preset fsdp --forbid-implicit --save plan.json",
                "  einscale shard --diff plan.json other.json",
                "  einscale shard mine.conf --auto 8 --memory 4",
                "  einscale shard experiments/configs/meshes.conf --compare"})
public final class ShardCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "EINSUM|CONFIG", arity = "0..1", description = "An index string of names alone, or an experiment's file. Default: all settings as in reference.conf.")
    private @Nullable String what;

    @Option(names = "--mesh", paramLabel = "AXIS=N,...", description = "The devices: the axes of their grid, outermost first. Default: one device, or the setting mesh.")
    private @Nullable String mesh;

    @ArgGroup
    private @Nullable Reading reading;

    @Option(names = "--sizes", split = ",", paramLabel = "AXIS=N", description = "Einsum: sizes of all axes.")
    private Map<String, Integer> sizes = new LinkedHashMap<>();

    @Option(names = "--in", paramLabel = "AXIS=MESH,...", description = "Einsum: how an operand is split; once for each, in the order of the string.")
    private List<String> in = new ArrayList<>();

    @Option(names = "--out", paramLabel = "AXIS=MESH,...", description = "Einsum: how the result is to be split.")
    private @Nullable String out;

    @Option(names = "--cost", paramLabel = "COST", description = "Einsum: what the way found has least of: time, or bytes among ways in which no device multiplies more than the shardings alone ask for. Default: time.")
    private @Nullable Cost cost;

    @Option(names = "--preset", split = ",", paramLabel = "NAME", description = "Settings: presets of rules, such as data, zero1, fsdp, megatron, vocabulary.")
    private List<String> presets = new ArrayList<>();

    @Option(names = "--rules", paramLabel = "AXIS=MESH,...", description = "Settings: rules of your own, such as b=data,h=model.")
    private @Nullable String rules;

    @Option(names = "-S", paramLabel = "PATH=VALUE", description = "Settings: override one, for example -S training.batch=16. May be repeated.")
    private List<String> overrides = new ArrayList<>();

    @Option(names = "--explain", description = "Show each statement of a device's program, why it sends what it sends, how its work is shared, and what other ways would have taken more.")
    private boolean explain;

    @Option(names = "--draw", paramLabel = "VALUE", description = "Draw instead which device has what of a value: of in0, in1, out, a parameter, or any value that --explain shows. May be repeated.")
    private List<String> drawn = new ArrayList<>();

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw the value of --draw as an image in the file: parts to scale, devices in the colours of their places in the mesh.")
    private @Nullable Path svg;

    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    @Option(names = "--auto", paramLabel = "DEVICES", description = "Settings: search mesh and rules for so many devices, and show the best plan on every grid with what it is predicted to take, and why others lose.")
    private @Nullable Integer auto;

    @Option(names = "--memory", paramLabel = "GIB", description = "Of a device, for --auto. Default: no limit.")
    private @Nullable Double memory;

    @Option(names = "--compare", paramLabel = "STEPS", arity = "0..1", fallbackValue = "20", description = "Settings: train for some steps on each mesh of the setting shard.compare, and show what a step sends and how long it takes. Default: ${FALLBACK-VALUE} steps.")
    private @Nullable Integer compare;

    @Option(names = "--why-not", paramLabel = "VALUE=AXIS:MESH,...", description = "Say instead why a value is not split so, which rules stand against it, and what it would take: q=h:model asks for axis h of q over the mesh axis model, q=h: for all of h everywhere. Of values with one name, the number that --explain shows tells which, as in q#51=h:model.")
    private @Nullable String whyNot;

    @Option(names = "--forbid-implicit", description = "Refuse what devices exchange without a rule that asks for it, as the setting shard.forbid-implicit does.")
    private boolean forbidImplicit;

    @Option(names = "--save", paramLabel = "FILE", description = "Settings: also keep the plan in a file, for --diff, and for the setting shard.plan to train by.")
    private @Nullable Path save;

    @Option(names = "--diff", paramLabel = "PLAN", arity = "2", description = "Show what differs between two plans that --save has kept, and nothing else. The exit code is 0 if nothing does, else 1.")
    private List<Path> diff = new ArrayList<>();

    @Mixin
    private MachineOption machine = new MachineOption();

    /** What is to be least. */
    private enum Cost {
        TIME, BYTES
    }

    @Override
    public Integer call() {
        if (json && !drawn.isEmpty()) {
            throw new ParameterException(spec.commandLine(), "--draw is no JSON; expected --draw or --json");
        }
        if (svg != null && drawn.size() != 1) {
            throw new ParameterException(spec.commandLine(), "--svg is for one value, found " + drawn.size()
                    + "; expected one --draw beside it");
        }
        if (!diff.isEmpty()) {
            return difference(diff.getFirst(), diff.getLast());
        }
        print(what != null && isEinsum(what) ? einsum(what) : step());
        return 0;
    }

    private void print(String text) {
        PrintWriter writer = spec.commandLine().getOut();
        writer.print(text);
        writer.flush();
    }

    private int difference(Path first, Path second) {
        if (what != null) {
            throw new ParameterException(spec.commandLine(),
                    "found '" + what + "' beside --diff; expected the files of two plans and nothing else");
        }
        List<PlanDifference> differences = PlanDifference.between(PlanFile.read(first), PlanFile.read(second));
        print(differences.isEmpty()
                ? "the plans are the same\n"
                : PlanDifference.table(differences, first.toString(), second.toString()));
        return differences.isEmpty() ? 0 : 1;
    }

    /** What is no file and is not called like one. */
    private static boolean isEinsum(String what) {
        return what.contains("->") || !what.endsWith(".conf") && !Files.exists(Path.of(what));
    }

    private String einsum(String string) {
        refuse("is for a file of settings, not for an einsum", Map.of("--preset", !presets.isEmpty(), "--rules",
                rules != null, "-S", !overrides.isEmpty(), "--auto", auto != null, "--compare", compare != null,
                "--save", save != null));
        ShardedEinsum einsum = ShardedEinsum.of(Reading.equation(string, reading), sizes,
                Mesh.of(mesh == null ? "" : mesh), in,
                Objects.requireNonNullElse(out, ""), cost == Cost.BYTES ? Network.BYTES : Network.LOCAL);
        if (forbidImplicit) {
            einsum.forbidImplicit();
        }
        if (whyNot != null) {
            return answer(einsum.whyNot(whyNot));
        }
        if (!drawn.isEmpty()) {
            return drawings(List.of(einsum.partition()));
        }
        if (json) {
            return Json.text(einsum.report(explain));
        }
        return string + " on " + devices(einsum.mesh().mesh().axes()) + "\n" + einsum.shardings() + "\n\n"
                + ShardTable.statements(einsum.report(true), explain);
    }

    private String step() {
        PrintWriter err = spec.commandLine().getErr();
        if (auto != null) {
            requirePositive("--auto", auto);
            long bytes = memory == null ? Long.MAX_VALUE : (long) (memory * (1L << 30));
            return PlanSearch.table(experiment(), auto, bytes, line -> {
                err.println(line);
                err.flush();
            });
        }
        if (compare != null) {
            requirePositive("--compare", compare);
            MeshTable.print(experiment(), machine.profile(), compare, spec.commandLine().getOut());
            return "";
        }
        refuse("is for an einsum, not for a file of settings", Map.of("--sizes", !sizes.isEmpty(), "--in",
                !in.isEmpty(), "--out", out != null, "--cost", cost != null,
                "--letters or --words", reading != null));
        Experiment experiment = experiment();
        StagedStep planned = StagedStep.of(experiment);
        if (save != null) {
            OutputFile.write(save, planned.plan(experiment.settings().shard()).text());
        }
        if (whyNot != null) {
            return answer(planned.whyNot(whyNot));
        }
        if (!drawn.isEmpty()) {
            return drawings(planned.stages());
        }
        if (experiment.settings().splitting().stages().isPresent()) {
            StagedStep.Report report = planned.report(explain);
            return json
                    ? Json.text(report)
                    : report.experiment() + ": a training step on " + devices(report.mesh()) + ", "
                            + report.microBatches() + " micro-batches\nrules "
                            + experiment.settings().splitting().rules().text() + "\n\n"
                            + StagedStep.text(report, explain);
        }
        ShardReport report = planned.report(0, explain);
        if (json) {
            return Json.text(report);
        }
        ShardReport.Step step = Objects.requireNonNull(report.step());
        return step.experiment() + ": a training step on " + devices(step.mesh()) + "\n"
                + (step.rules().isEmpty() ? "no rules" : "rules " + String.join(", ", step.rules())) + "\n\n"
                + (explain ? ShardTable.statements(report, true) + "\n" : "") + ShardTable.totals(report, step);
    }

    private String answer(WhyNotReport report) {
        return json ? Json.text(report) : report.text();
    }

    private void requirePositive(String option, int number) {
        if (number < 1) {
            throw new ParameterException(spec.commandLine(), option + ": found " + number + "; expected at least 1");
        }
    }

    private Experiment experiment() {
        List<String> all = new ArrayList<>();
        if (mesh != null || rules != null || !presets.isEmpty()) {
            all.add("shard.plan=\"\"");
        }
        if (mesh != null) {
            all.add("mesh=null");
            Mesh.of(mesh).axes().forEach((axis, size) -> all.add("mesh." + ConfigUtil.quoteString(axis) + "=" + size));
        }
        if (rules != null) {
            all.add("rules=" + ConfigUtil.quoteString(rules));
        }
        if (!presets.isEmpty()) {
            all.add("preset="
                    + presets.stream().map(ConfigUtil::quoteString).collect(Collectors.joining(",", "[", "]")));
        }
        if (forbidImplicit) {
            all.add("shard.forbid-implicit=true");
        }
        all.addAll(overrides);
        return what == null ? ExperimentFile.defaults(all) : ExperimentFile.read(Path.of(what), all);
    }

    private String drawings(List<Partition> stages) {
        if (svg != null) {
            OutputFile.write(svg, SvgDrawing.of(stages, drawn.getFirst()));
            return "";
        }
        return drawn.stream().map(name -> Drawing.of(stages, name)).collect(Collectors.joining("\n"));
    }

    private void refuse(String why, Map<String, Boolean> given) {
        given.entrySet().stream().filter(Map.Entry::getValue).map(Map.Entry::getKey).sorted().findFirst()
                .ifPresent(option -> {
                    throw new ParameterException(spec.commandLine(), "option " + option + " " + why);
                });
    }

    private static String devices(Map<String, Integer> axes) {
        int devices = axes.values().stream().reduce(1, Math::multiplyExact);
        return devices == 1 && axes.isEmpty()
                ? "one device"
                : devices + " devices: " + axes.entrySet().stream().map(axis -> axis.getKey() + "=" + axis.getValue())
                        .collect(Collectors.joining(", "));
    }
}
