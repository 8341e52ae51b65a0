package org.einscale.experiments.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.machine.ProfileFile;
import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Rates;
import org.einscale.tensor.profile.Vectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code einscale machine}: measures the machine that plans are made for. */
@Command(name = "machine", description = {"Measure this machine, which takes about five seconds, and keep its profile.",
    "",
    "The profile decides between ways to compute the same: which matrix product is the fastest for given sizes. Training"
            + " and sweeps use it, and measure the machine themselves the first time. A run keeps the profile that it"
            + " began with, so that its numbers repeat. Measure again on a quiet machine if it was busy."}, footer = {
                "  einscale machine", "  einscale machine --show --json",
                "  einscale machine -o here.json && einscale train mine.conf --machine here.json"})
public final class MachineCommand implements Callable<Integer> {
    private static final long KIBIBYTE = 1 << 10;
    /** The variable by which OpenBLAS is told which processor's kernels to take. */
    private static final String CORE_TYPE = "OPENBLAS_CORETYPE";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--show", description = "Show what is known instead of measuring: the profile that is kept, or else what is typical of such a machine.")
    private boolean show;

    @Option(names = "--json", description = "Print the profile as JSON.")
    private boolean json;

    @Option(names = {"-o", "--output"}, paramLabel = "FILE", description = "Write the profile to a file as well.")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        Profile profile = show ? Machine.known().orElseGet(Machine::typical) : measure();
        if (output != null) {
            ProfileFile.write(output, profile);
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? ProfileFile.text(profile) + "\n" : table(profile));
        out.flush();
        narrowed(System.getenv(CORE_TYPE), profile.vectors()).ifPresent(System.err::println);
        return 0;
    }

    /** What keeps BLAS from using whole vectors, if its environment does. */
    static Optional<String> narrowed(@Nullable String coreType, Vectors vectors) {
        return coreType == null || vectors.blasLanes() >= vectors.lanes()
                ? Optional.empty()
                : Optional.of("BLAS uses " + vectors.blasLanes() + " of " + vectors.lanes()
                        + " lanes, as the environment says "
                        + CORE_TYPE + "=" + coreType + "; without it, it chooses by the processor");
    }

    /** Measures this machine, saying so. */
    static Profile measure() {
        System.err.println("measuring this machine, about 5 s; kept in " + Machine.file());
        Profile measured = Machine.measure();
        if (measured.equals(Machine.typical())) {
            System.err.println("it is too busy to be measured: this is what is typical of its vectors, and not kept");
        }
        return measured;
    }

    private static String table(Profile profile) {
        Rates rates = profile.rates();
        return String.format(Locale.ROOT, """
                %s
                vectors            %d float32 lanes, %d registers; BLAS %d lanes
                caches             L1 %d KiB, L2 %d KiB
                sgemm              %s GFLOP/s, small unpacked %s
                packed product     %s GFLOP/s
                dot products       %s GFLOP/s
                sums along rows    %s products/ns
                copies             %s elements/ns, scattered %s
                memory             %s bytes/ns
                call of BLAS       %s ns
                """, profile.processor(), profile.vectors().lanes(), profile.vectors().registers(),
                profile.vectors().blasLanes(), profile.caches().first() / KIBIBYTE,
                profile.caches().second() / KIBIBYTE, number(rates.sgemm()), number(rates.unpackedSgemm()),
                number(rates.packed()), number(rates.dots()), number(rates.rows()), number(rates.copied()),
                number(rates.scattered()), number(rates.memory()), number(rates.call()));
    }

    private static String number(double rate) {
        return rate == 0 ? "none" : String.format(Locale.ROOT, "%.3g", rate);
    }
}
