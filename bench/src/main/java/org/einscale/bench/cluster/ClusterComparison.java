package org.einscale.bench.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.einscale.bench.Median;
import org.einscale.bench.ModelSize;
import org.einscale.bench.Recipe;
import org.einscale.bench.mesh.Alone;
import org.einscale.bench.mesh.Gpt;
import org.einscale.bench.mesh.Racer;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.device.Leader;
import org.einscale.sharding.device.Membership;
import org.einscale.sharding.device.NodeInfo;
import org.einscale.tensor.machine.Machine;
import org.einscale.trainer.layer.Parameter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What two devices in two processes reach, beside a plain socket to this machine, and beside one training alone. All take
 * turns; a ratio is the median over rounds.
 */
@Command(name = "ClusterComparison", mixinStandardHelpOptions = true, version = "0.1", description = "Compares devices in two processes with plain sockets and with one training.")
@SuppressWarnings("NullAway.Init") // picocli sets the options
public final class ClusterComparison implements Callable<Integer> {
    private static final int ELEMENTS = 1 << 22;
    private static final int BYTES = ELEMENTS * Float.BYTES;
    private static final int SMALL = 1 << 10;
    private static final int TRIPS = 1000;

    @Spec
    private CommandSpec spec;

    @Option(names = "--size", defaultValue = "4,128,4,128,8", paramLabel = "L,d,h,T,B", description = "Model and batch. Default: ${DEFAULT-VALUE}.")
    private String size;

    @Option(names = "--rounds", defaultValue = "9", description = "Turns of everyone. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "2", description = "Length of a turn; at least a step. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--warm-up", defaultValue = "30", description = "Seconds of training before the first round, in which three processes compile. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    /** Compares, as the arguments say. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new ClusterComparison()).execute(args));
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Machine.measured());
        List<Process> processes = new ArrayList<>();
        try (Loopback socket = new Loopback(BYTES)) {
            List<String> names = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                processes.add(start(names));
                names.add(name(processes.getLast()));
            }
            try (Leader leader = Leader.join(new Membership("127.0.0.1", 0, names, Optional.empty()), OneNode.LIMIT)) {
                List<NodeInfo> nodes = leader.await(known -> known.size() == 2, OneNode.LIMIT);
                allReduce(leader, nodes, socket, out);
                smallest(leader, nodes, socket, out);
                step(leader, nodes, out);
            }
        } finally {
            processes.forEach(Process::destroy);
        }
        return 0;
    }

    private static Process start(List<String> seeds) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), OneNode.class.getName()));
        command.addAll(seeds);
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static String name(Process node) throws IOException {
        BufferedReader output = new BufferedReader(
                new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(OneNode.NAME)) {
                return line.substring(OneNode.NAME.length());
            }
        }
        throw new IOException("a node ended before it had said its name");
    }

    private static DeviceMesh mesh(Leader leader, List<NodeInfo> nodes, String recipe) {
        return leader.mesh(Work.of(recipe), recipe, nodes, OneNode.LIMIT);
    }

    /** Each of two devices sends the other half of what it has, and then half of the sum: as many bytes as there are, both ways. */
    private void allReduce(Leader leader, List<NodeInfo> nodes, Loopback socket, PrintWriter out) {
        try (DeviceMesh sum = mesh(leader, nodes, "sum " + ELEMENTS);
                DeviceMesh idle = mesh(leader, nodes, "idle " + ELEMENTS)) {
            double[] ratios = new double[rounds + 1];
            double[] rates = new double[rounds + 1];
            for (int i = 0; i < ratios.length; i++) {
                double all = time(10, sum::run) - time(10, idle::run);
                double raw = time(10, () -> socket.exchange(BYTES));
                ratios[i] = raw / all;
                rates[i] = BYTES / raw * 1e-9;
            }
            out.printf(Locale.ROOT,
                    "all-reduce of 16 MiB: %.2f of what a socket allows, which moves %.2f GB/s each way at the same time%n",
                    median(ratios), median(rates));
        }
    }

    /** A step in which nothing is done: who leads tells both devices, and both answer. */
    private void smallest(Leader leader, List<NodeInfo> nodes, Loopback socket, PrintWriter out) {
        try (DeviceMesh sum = mesh(leader, nodes, "sum " + SMALL / Float.BYTES);
                DeviceMesh idle = mesh(leader, nodes, "idle " + SMALL / Float.BYTES)) {
            double[] steps = new double[rounds + 1];
            double[] sums = new double[rounds + 1];
            double[] trips = new double[rounds + 1];
            for (int i = 0; i < steps.length; i++) {
                steps[i] = time(TRIPS, idle::run);
                sums[i] = time(TRIPS, sum::run) - steps[i];
                trips[i] = time(1, () -> socket.roundTrips(SMALL, TRIPS)) / TRIPS;
            }
            out.printf(Locale.ROOT,
                    "1 KiB: %.0f us there and back on a socket; %.0f us a step that does nothing; %.0f us more with an all-reduce%n",
                    median(trips) * 1e6, median(steps) * 1e6, median(sums) * 1e6);
        }
    }

    private void step(Leader leader, List<NodeInfo> nodes, PrintWriter out) {
        ModelSize model = ModelSize.parse(size);
        Gpt gpt = Gpt.of(model);
        try (DeviceMesh mesh = mesh(leader, nodes, "gpt " + size); Alone alone = new Alone(model)) {
            for (Parameter parameter : gpt.parameters()) {
                mesh.write(parameter.value(), gpt.start(parameter.value()));
            }
            mesh.write(gpt.step().learningRate(), Recipe.LEARNING_RATE);
            long[] steps = new long[1];
            Runnable step = () -> {
                mesh.write(gpt.step().step(), ++steps[0]);
                mesh.run();
            };
            Racer.time(warmUp, gpt.tokens(), step);
            double[] ratios = new double[rounds + 1];
            for (int i = 0; i < ratios.length; i++) {
                double apart = Racer.time(seconds, gpt.tokens(), step);
                ratios[i] = apart / alone.tokensPerSecond(seconds);
            }
            out.printf(Locale.ROOT, "a data-parallel step of %s: %.2f times the speed of one device%n", size,
                    median(ratios));
        }
        out.flush();
    }

    /** Seconds of one of several runs. */
    private static double time(int runs, Runnable run) {
        long start = System.nanoTime();
        for (int i = 0; i < runs; i++) {
            run.run();
        }
        return (System.nanoTime() - start) * 1e-9 / runs;
    }

    /** Of all but the first. */
    private static double median(double[] measured) {
        return Median.of(Arrays.copyOfRange(measured, 1, measured.length));
    }
}
