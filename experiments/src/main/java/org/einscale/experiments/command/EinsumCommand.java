package org.einscale.experiments.command;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.einscale.einsum.CompiledEinsum;
import org.einscale.einsum.Einsum;
import org.einscale.einsum.Explanation;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.file.Npy;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code einscale einsum}: computes one einsum of arrays in .npy files, or explains how it would be computed. */
@Command(name = "einsum", description = {"Compute one einsum of arrays in NumPy's .npy files, or explain it.", "",
    "Names where there are spaces within a term, parentheses or the axis 1; otherwise each letter is an axis, as in NumPy.",
    "(h k) is an axis composed of h and k; ... stands for any number of axes."}, footer = {
        "  einscale einsum \"ij,jk->ik\" a.npy b.npy -o c.npy",
        "  einscale einsum \"batch row, row -> batch\" x.npy w.npy",
        "  einscale einsum \"b l (h k), h k d -> b l d\" x.npy w.npy --sizes h=4 -o y.npy",
        "  einscale einsum --explain \"b l d, d f -> b l f\" --sizes b=8,l=128,d=256,f=1024",
        "  einscale einsum --explain --gradient \"ij,jk,kl->il\" --sizes i=100,j=5,k=80,l=3 --json",
        "  einscale einsum --explain --as nd4j \"b h l k, b h m k -> b h l m\" --sizes b=8,h=4,l=128,k=16,m=128",
        "  einscale einsum --explain --memory 1MiB \"mn,nr,fcr,nh,octh->oftm\" --sizes m=8,n=10,r=3,f=100,c=300,h=10,o=10,t=75"})
public final class EinsumCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(index = "0", paramLabel = "EQUATION", description = "The index string.")
    private String equation = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "FILE.npy", description = "The operands, in the order of the equation. All are taken as float32, or, if one holds float64, whole numbers or booleans, as float64.")
    private List<Path> operands = new ArrayList<>();

    @Option(names = {"-o",
        "--output"}, paramLabel = "FILE.npy", description = "Where the result goes. Without it, the result is printed.")
    private @Nullable Path output;

    @Option(names = "--explain", description = "Print what would be done instead: each step with its call, FLOPs, bytes read, written and copied, and the memory it takes.")
    private boolean explain;

    @Option(names = "--gradient", description = "Explain the gradients of all operands, given that of the result.")
    private boolean gradient;

    @Option(names = "--as", paramLabel = "KIND", description = "Compute, or explain, by other means: nd4j, which are ND4J's own operations, as a SameDiff graph has them.")
    private @Nullable Means means;

    /** Other means to compute the same. */
    enum Means {
        nd4j
    }

    @Option(names = "--json", description = "Explain as JSON.")
    private boolean json;

    @Option(names = "--sizes", split = ",", paramLabel = "AXIS=N", description = "Sizes of axes: of all of them to explain without files, of parts of composed axes to compute.")
    private Map<String, Integer> sizes = new LinkedHashMap<>();

    @ArgGroup
    private @Nullable Reading reading;

    @Option(names = "--broadcasting", description = "Let size 1 of an axis stretch to the size that it has elsewhere, as NumPy does.")
    private boolean broadcasting;

    @Option(names = "--paths", paramLabel = "NAME", defaultValue = "auto", description = "In which order many operands meet: auto, greedy, optimal, dp, branch or random-greedy. Default: ${DEFAULT-VALUE}.")
    private String paths = "auto";

    @Option(names = "--memory", paramLabel = "SIZE", description = "Limit to the memory that intermediate results take, such as 512MiB; the work is done in slices that keep to it.")
    private @Nullable String memory;

    @Override
    public Integer call() {
        Einsum einsum = Einsum.of(Reading.equation(equation, reading)).paths(paths);
        if (memory != null) {
            einsum = einsum.memory(bytes(memory));
        }
        if (broadcasting) {
            einsum = einsum.broadcasting();
        }
        if (operands.isEmpty() && !explain) {
            throw new ParameterException(spec.commandLine(),
                    "missing required parameter: 'FILE.npy', one for each term; or --explain with --sizes");
        }
        if (operands.isEmpty()) {
            print(means == null
                    ? explanation(einsum.compile(Sizes.of(sizes)))
                    : einsum.nd4j().explain(Sizes.of(sizes)));
            return 0;
        }
        for (Map.Entry<String, Integer> size : sizes.entrySet()) {
            einsum = einsum.with(size.getKey(), size.getValue());
        }
        INDArray[] arrays = EinsumOperands.read(operands, spec.commandLine().getErr());
        if (explain) {
            Precision precision = arrays[0].dataType() == DataType.DOUBLE ? Precision.DOUBLE : Precision.FLOAT;
            long[][] shapes = Arrays.stream(arrays).map(INDArray::shape).toArray(long[][]::new);
            print(means == null ? explanation(einsum.compile(precision, shapes)) : einsum.nd4j().explain(shapes));
            return 0;
        }
        INDArray result = means == null ? einsum.apply(arrays) : einsum.nd4j().apply(arrays);
        if (output == null) {
            print(result + System.lineSeparator());
        } else {
            Npy.write(output, result);
        }
        return 0;
    }

    private long bytes(String size) {
        try {
            return ConfigFactory.empty().withValue("size", ConfigValueFactory.fromAnyRef(size)).getBytes("size");
        } catch (ConfigException e) {
            throw new ParameterException(spec.commandLine(),
                    "--memory " + size
                            + ": expected a number of bytes, or one with a unit such as 64KiB, 512MiB or 2GiB");
        }
    }

    private String explanation(CompiledEinsum compiled) {
        Explanation explanation = gradient ? compiled.gradient().explain() : compiled.explain();
        return json ? Json.text(explanation) : explanation.toString();
    }

    private void print(String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }
}
