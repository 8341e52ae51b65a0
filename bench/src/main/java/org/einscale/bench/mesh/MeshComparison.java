package org.einscale.bench.mesh;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import org.einscale.bench.Median;
import org.einscale.bench.ModelSize;
import org.einscale.sharding.Preset;
import org.einscale.tensor.machine.Machine;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What two devices of one process reach on two cores, beside two trainings that know nothing of one another. All take turns;
 * a ratio is the median over rounds of one's tokens per second divided by those of the two trainings together.
 */
@Command(name = "MeshComparison", mixinStandardHelpOptions = true, version = "0.1", description = "Compares trainings on two devices with two trainings side by side.")
@SuppressWarnings("NullAway.Init") // picocli sets the options
public final class MeshComparison implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    /** Micro-batches that pass the stages of a pipeline. */
    private static final int PARTS = 8;

    @Option(names = "--size", defaultValue = "6,256,8,128,8", paramLabel = "L,d,h,T,B", description = "Model and batch of each. Default: ${DEFAULT-VALUE}.")
    private String size;

    @Option(names = "--rounds", defaultValue = "7", description = "Turns of everyone. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "2", description = "Length of a turn; at least a step. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--warm-up", defaultValue = "8", description = "Seconds of each before the first round. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    /** Compares, as the arguments say. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new MeshComparison()).execute(args));
    }

    @Override
    public Integer call() {
        ModelSize model = ModelSize.parse(size);
        ModelSize twice = new ModelSize(model.layers(), model.width(), model.heads(), model.context(),
                2 * model.batch());
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.measured());
        SequencedMap<String, Racer> racers = new LinkedHashMap<>();
        racers.put("two trainings side by side", new SideBySide(model));
        racers.put("one training alone", new Alone(model));
        racers.put("data=2, batch " + twice.batch(), new OnMesh(twice, "data=2", List.of(Preset.DATA)));
        racers.put("data=2, batch " + model.batch(), new OnMesh(model, "data=2", List.of(Preset.DATA)));
        racers.put("data=2, fsdp, batch " + twice.batch(), new OnMesh(twice, "data=2", List.of(Preset.FSDP)));
        racers.put("model=2, megatron, vocabulary, batch " + model.batch(),
                new OnMesh(model, "model=2", List.of(Preset.MEGATRON, Preset.VOCABULARY)));
        racers.put("model=2, megatron, vocabulary, batch " + twice.batch(),
                new OnMesh(twice, "model=2", List.of(Preset.MEGATRON, Preset.VOCABULARY)));
        racers.put("stage=2, pipeline, " + PARTS + " parts, batch " + twice.batch(),
                new OnMesh(twice, PARTS, "stage=2", List.of(Preset.PIPELINE)));
        try {
            report(race(racers), out);
        } finally {
            racers.values().forEach(Racer::close);
        }
        out.printf(Locale.ROOT, "all-reduce of 16 MiB between two devices: %.2f of the rate of a copy%n",
                AllReduceRate.ofCopy(rounds));
        out.flush();
        return 0;
    }

    private Map<String, List<Double>> race(SequencedMap<String, Racer> racers) {
        racers.values().forEach(racer -> racer.tokensPerSecond(warmUp));
        Map<String, List<Double>> speeds = new LinkedHashMap<>();
        for (int i = 0; i < rounds; i++) {
            racers.forEach((name, racer) -> speeds.computeIfAbsent(name, _ -> new ArrayList<>())
                    .add(racer.tokensPerSecond(seconds)));
        }
        return speeds;
    }

    private static void report(Map<String, List<Double>> speeds, PrintWriter out) {
        List<Double> base = speeds.values().iterator().next();
        out.printf("| %s | %s | %s |%n| --- | ---: | ---: |%n", "on two cores", "tokens/s", "of two side by side");
        speeds.forEach((name, measured) -> {
            double[] ratios = new double[measured.size()];
            for (int i = 0; i < ratios.length; i++) {
                ratios[i] = measured.get(i) / base.get(i);
            }
            out.printf(Locale.ROOT, "| %s | %.0f | %.2f |%n", name,
                    Median.of(measured.stream().mapToDouble(Double::doubleValue).toArray()), Median.of(ratios));
        });
    }
}
