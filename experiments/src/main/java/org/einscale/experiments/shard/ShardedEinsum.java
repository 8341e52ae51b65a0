package org.einscale.experiments.shard;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.experiments.UserError;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.SubAxes;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.partition.WhyNot;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * One einsum between given shardings. Its operands are called in0, in1 and so on, its result out.
 *
 * @param mesh
 *            cut into the factors over which something is split
 */
public record ShardedEinsum(Equation equation, SubAxes mesh, Partition partition, Network network) {

    /**
     * Finds the best way to share it.
     *
     * @param sizes
     *            of all axes, in elements
     * @param in
     *            {@code axis=mesh+mesh, partial=mesh} for each operand; those that lack are whole
     * @param out
     *            the same for the result
     * @param network
     *            what is best: the least time, or with {@link Network#BYTES} the least bytes
     * @throws IllegalArgumentException
     *             if the string, a size or the mesh is wrong, or there is no such way
     * @throws UserError
     *             if a sharding is wrong
     */
    public static ShardedEinsum of(Equation equation, Map<String, Integer> sizes, Mesh mesh, List<String> in,
            String out,
            Network network) {
        Binding.of(equation, Sizes.of(sizes));
        List<List<Axis>> terms = equation.inputs();
        List<Axis> output = equation.output();
        if (in.size() > terms.size()) {
            throw new UserError("--in stands " + in.size() + " times; expected at most one for each of the "
                    + terms.size() + " operands of \"" + equation + "\"");
        }
        List<Declaration> operands = IntStream.range(0, terms.size())
                .mapToObj(i -> Declaration.of("--in", i < in.size() ? in.get(i) : "")).toList();
        Declaration result = Declaration.of("--out", out);
        SubAxes cut = SubAxes.of(mesh, Stream.concat(operands.stream(), Stream.of(result))
                .flatMap(declaration -> declaration.mentioned(mesh)).collect(Collectors.toSet()));
        ProgramBuilder builder = new ProgramBuilder();
        Map<Value, Sharding> declared = new LinkedHashMap<>();
        Sizes all = Sizes.of(sizes);
        for (int i = 0; i < terms.size(); i++) {
            List<Axis> axes = distinct(terms.get(i), equation);
            for (int j = 0; j < axes.size(); j++) {
                all = all.with(axes.get(j), all.of(terms.get(i).get(j)));
            }
            declared.put(builder.input("in" + i, axes), operands.get(i).of(terms.get(i), cut));
        }
        Value made = builder.append("out", output,
                new Operation.Contract(List.copyOf(declared.keySet()), terms, output));
        builder.output(made);
        Sharding wanted = result.of(output, cut);
        requireSum(wanted, declared.values(), output.containsAll(equation.axes()), result);
        declared.put(made, wanted);
        Partition partition = Partition.exhaustive(builder.build(), Context.of(all), cut, declared, network);
        return new ShardedEinsum(equation, SubAxes.in(partition.mesh()), partition, network);
    }

    private static void requireSum(Sharding wanted, Collection<Sharding> operands, boolean nothingSummed,
            Declaration result) {
        for (String mesh : wanted.partial()) {
            if (nothingSummed && operands.stream().noneMatch(operand -> operand.partial().contains(mesh))) {
                throw new UserError(result.place() + ": the result is no unfinished sum over " + mesh
                        + ", as no axis is summed and no operand is one; expected it whole or split over " + mesh);
            }
        }
    }

    /** Names for the axes of an operand, in which none is twice. */
    private static List<Axis> distinct(List<Axis> term, Equation equation) {
        List<Axis> axes = new ArrayList<>();
        for (Axis axis : term) {
            Axis name = axis;
            while (axes.contains(name) || !name.equals(axis) && equation.axes().contains(name)) {
                name = new Axis(name.name() + "_");
            }
            axes.add(name);
        }
        return axes;
    }

    /** What the devices do and send. */
    public ShardReport report(boolean explained) {
        return ShardReport.of(partition, mesh::joined, Float.BYTES, explained, null);
    }

    /**
     * Refuses it if devices exchange something that the given shardings do not ask for.
     *
     * @throws UserError
     *             if they do
     */
    public void forbidImplicit() {
        Implicit.refuse(partition, Float.BYTES);
    }

    /** Why an operand or the result is not split in some way; for operands, what it would take if they were given so. */
    public WhyNotReport whyNot(String question) {
        WhyNotReport.Question asked = WhyNotReport.Question.of(question);
        Value value = asked.in(partition);
        return WhyNotReport.of(partition, WhyNot.ofContraction(partition, value,
                asked.of(value, partition.held(value), mesh), network, Float.BYTES), network, Float.BYTES, List.of());
    }

    /** Of each operand and the result, what a device has: {@code in0[i j/x]}. */
    public String shardings() {
        return partition.shardings().entrySet().stream()
                .map(entry -> entry.getKey().name() + entry.getValue().text(entry.getKey().axes()))
                .collect(Collectors.joining("  "));
    }
}
