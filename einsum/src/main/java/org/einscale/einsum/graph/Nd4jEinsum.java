package org.einscale.einsum.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.einscale.einsum.binding.Binding;
import org.einscale.einsum.binding.View;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Term;
import org.einscale.einsum.run.BoundProgram;
import org.einscale.einsum.run.Options;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An einsum by ND4J's own operations: permute, reshape, matrix products, sums. It runs wherever ND4J does, and its gradient in a
 * graph is the graph's own.
 *
 * @param equation
 *            what is computed
 * @param options
 *            how; a limit to memory does not bind ND4J
 */
public record Nd4jEinsum(Equation equation, Options options) {

    /**
     * Computes into a new array.
     *
     * @param operands
     *            one array for each term, all of one floating-point type, not modified
     * @throws org.einscale.einsum.equation.EquationError
     *             if they do not fit the equation
     * @throws IllegalArgumentException
     *             if the einsum is over another semiring than sums of products
     */
    public INDArray apply(INDArray... operands) {
        DataType type = operands.length == 0 ? DataType.FLOAT : operands[0].dataType();
        Set<INDArray> given = Collections.newSetFromMap(new IdentityHashMap<>());
        given.addAll(Arrays.asList(operands));
        OpenShapes.Met met = OpenShapes.meet(equation, options, Arrays.stream(operands).map(INDArray::shape).toList());
        return einsum(met, new ArrayOperations(type, given)).of(Arrays.asList(operands));
    }

    /**
     * Writes it into a graph.
     *
     * @param operands
     *            one variable for each term, of which a placeholder may have sizes of -1
     * @return the result, named after the equation
     * @throws org.einscale.einsum.equation.EquationError
     *             if they do not fit the equation, or a size that must be known is not
     */
    public SDVariable apply(SameDiff graph, SDVariable... operands) {
        List<long[]> shapes = new ArrayList<>();
        for (SDVariable operand : operands) {
            shapes.add(shape(operand, Math.min(shapes.size(), equation.operands().size() - 1)));
        }
        OpenShapes.Met met = OpenShapes.meet(equation, options, shapes);
        DataType type = operands.length == 0 ? DataType.FLOAT : operands[0].dataType();
        return einsum(met, new GraphOperations(graph, type, name(), sizes(graph, met, operands)))
                .of(Arrays.asList(operands));
    }

    /** Its shape; of what a graph computes, which it does not know before it runs, as many open sizes as the term names axes. */
    private long[] shape(SDVariable operand, int term) {
        long[] known = operand.getShape();
        if (known != null) {
            return known;
        }
        Term axes = equation.operands().get(term);
        if (axes.ellipses().findAny().isPresent()) {
            throw Mistakes.ofOperands(equation).at(axes.start(), "the ellipsis stands for axes of '" + operand.name()
                    + "', whose number the graph does not know before it runs; expected names for all of them");
        }
        long[] open = new long[axes.elements().size()];
        Arrays.fill(open, OpenShapes.OPEN);
        return open;
    }

    /** A name of which the graph's files know no special character. */
    private String name() {
        return "einsum " + equation.text().replace(":", " ");
    }

    private static Map<Axis, SDVariable> sizes(SameDiff graph, OpenShapes.Met met, SDVariable[] operands) {
        Map<Axis, SDVariable> sizes = new HashMap<>();
        for (Axis axis : met.open()) {
            for (int i = 0; i < operands.length && !sizes.containsKey(axis); i++) {
                SDVariable operand = operands[i];
                Optional<OpenShapes.Source> source = OpenShapes.source(met.binding().operands().get(i), axis);
                source.ifPresent(found -> {
                    SDVariable size = graph.sizeAt(operand, found.dimension());
                    sizes.put(axis, found.divisor() == 1
                            ? size
                            : graph.math().floorDiv(size, graph.constant(found.divisor())));
                });
            }
        }
        return sizes;
    }

    /**
     * The operations as text, one on each line with the shape that it makes.
     *
     * @param shapes
     *            of the operands; a size of -1 is open
     */
    public String explain(long[]... shapes) {
        OpenShapes.Met met = OpenShapes.meet(equation, options, Arrays.asList(shapes));
        return explain(met);
    }

    /**
     * The same for operands given the size of each axis.
     *
     * @throws org.einscale.einsum.equation.EquationError
     *             if a size is missing or of no axis, or the equation has an ellipsis
     */
    public String explain(Sizes sizes) {
        return explain(new OpenShapes.Met(Binding.of(equation, sizes), Set.of()));
    }

    private String explain(OpenShapes.Met met) {
        WrittenOperations written = new WrittenOperations();
        List<WrittenOperations.Tensor> operands = new ArrayList<>();
        for (View view : met.binding().operands()) {
            operands.add(written.given("x" + operands.size(), view, met.open()));
        }
        einsum(met, written).of(operands);
        return written.toString();
    }

    private <T> PlainEinsum<T> einsum(OpenShapes.Met met, Operations<T> operations) {
        return new PlainEinsum<>(BoundProgram.of(met.binding(), options, Precision.FLOAT), met.open(), operations);
    }
}
