package org.einscale.experiments.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.einscale.einsum.Einsum;
import org.einscale.tensor.file.Npy;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale einsum}: computes one einsum of arrays in .npy files. */
@Command(name = "einsum", description = {"Compute one einsum of arrays in NumPy's .npy files.", "",
    "Spaces between names within a term mean named axes, otherwise each letter is an axis, as in NumPy."}, footer = {
        "  einscale einsum \"ij,jk->ik\" a.npy b.npy -o c.npy",
        "  einscale einsum \"batch row, row -> batch\" x.npy w.npy"})
public final class EinsumCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "EQUATION", description = "The index string.")
    private String equation = "";

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "FILE.npy", description = "The operands, in the order of the equation.")
    private List<Path> operands = new ArrayList<>();

    @Option(names = {"-o",
        "--output"}, paramLabel = "FILE.npy", description = "Where the result goes. Without it, the result is printed.")
    private @Nullable Path output;

    @Override
    public Integer call() {
        Einsum einsum = Einsum.of(equation);
        INDArray result = einsum.apply(operands.stream().map(Npy::read).toArray(INDArray[]::new));
        if (output == null) {
            PrintWriter out = spec.commandLine().getOut();
            out.println(result);
            out.flush();
        } else {
            Npy.write(output, result);
        }
        return 0;
    }
}
