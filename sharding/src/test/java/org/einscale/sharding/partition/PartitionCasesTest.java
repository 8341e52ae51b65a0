package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.einscale.einsum.cost.Flops;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.pass.gradient.Gradient;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.SubAxes;
import org.einscale.sharding.reference.Lockstep;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.kernel.Unary;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Plans of other partitioners: ours send no more, in no more exchanges, and multiply no more. */
class PartitionCasesTest {
    private static final Path FILE = Path.of("../../shared/cases/partition.json");

    /** Elements along an axis, where values are compared. */
    private static final int MOST = 34;

    /** Operands with one axis a letter, and how they are to be split. */
    private record Contraction(Program program, Context context, SubAxes mesh, Map<Value, Sharding> declared) {
        Partition partition(Network network) {
            return Partition.exhaustive(program, context, mesh, declared, network);
        }

        /** Operations of the device that has most to do. */
        static double operations(Partition partition) {
            Sizes sizes = partition.sizes(0);
            return partition.local().statements().stream().filter(s -> s.operation() instanceof Operation.Contract)
                    .mapToDouble(statement -> Flops.of(statement, sizes)).sum();
        }

        /** Comes to the same as on one device, with fewer elements along long axes. */
        void isRight(Network network) {
            Map<String, Integer> few = new TreeMap<>();
            program.values().forEach(value -> value.axes()
                    .forEach(axis -> few.put(axis.name(), Math.min(MOST, context.sizes().of(axis)))));
            Sizes sizes = Sizes.of(few);
            Partition partition = Partition.exhaustive(program, Context.of(sizes), mesh, declared, network);
            Map<Value, INDArray> given = Filling.of(program, sizes, 3);
            Interpreter.Run right = Interpreter.run(program, sizes, given);
            new Lockstep(partition, given).run()
                    .forEach((value, found) -> assertThat(
                            found.equalsWithEps(Objects.requireNonNull(right.values().get(value)), 1e-9))
                            .as("%s", partition.local()).isTrue());
            assertThat(partition.shardings()).containsAllEntriesOf(declared);
        }
    }

    private static Stream<DynamicTest> cases(String kind, Consumer<JsonNode> test)
            throws IOException {
        assumeTrue(Files.exists(FILE));
        JsonNode all = new ObjectMapper().readTree(FILE.toFile());
        return StreamSupport.stream(all.get("cases").spliterator(), false)
                .filter(node -> node.get("kind").asText().equals(kind))
                .map(node -> DynamicTest.dynamicTest(node.get("id").asText(), () -> test.accept(node)));
    }

    @Tag("once")
    @TestFactory
    Stream<DynamicTest> contractions() throws IOException {
        return cases("einsum", node -> {
            Contraction contraction = contraction(node);
            Partition small = contraction.partition(Network.BYTES);
            sendsNoMore(contraction, node);
            contraction.isRight(Network.BYTES);
            assertThat((double) small.bytes()).as("%s", small.local()).isLessThanOrEqualTo(
                    node.path("best_bytes_f32").asDouble(node.get("plan_bytes_f32").asDouble()));
            assertThat(Contraction.operations(small)).as("%s", small.local()).isLessThanOrEqualTo(operations(node));
        });
    }

    /** Operations of a device in the plan of the case, its axes padded so that all devices have as many elements. */
    private static double operations(JsonNode node) {
        Map<String, Set<String>> split = new TreeMap<>();
        node.get("sizes").fieldNames().forEachRemaining(axis -> split.put(axis, new TreeSet<>()));
        node.get("operands").forEach(operand -> operand.properties()
                .forEach(axis -> Objects.requireNonNull(split.get(axis.getKey())).addAll(names(axis.getValue()))));
        node.get("collectives").forEach(move -> {
            if (move.get("on").asText().startsWith("in")) {
                names(move.get("axis"))
                        .forEach(axis -> Objects.requireNonNull(split.get(axis)).removeAll(names(move.get("over"))));
            }
        });
        node.path("free_slices").forEach(slice -> {
            if (slice.get("on").asText().startsWith("in")) {
                Objects.requireNonNull(split.get(slice.get("axis").asText())).addAll(names(slice.get("over")));
            }
        });
        Mesh mesh = mesh(node).mesh();
        Sizes sizes = sizes(node);
        return 2 * split.entrySet().stream().mapToDouble(
                axis -> Math.ceilDiv(sizes.of(new Axis(axis.getKey())), mesh.devices(axis.getValue())))
                .reduce(1, (a, b) -> a * b);
    }

    @TestFactory
    Stream<DynamicTest> reshards() throws IOException {
        return cases("reshard", node -> {
            Contraction contraction = reshard(node);
            sendsNoMore(contraction, node);
            assertThat((double) contraction.partition(Network.BYTES).bytes())
                    .isLessThanOrEqualTo(node.get("best_bytes_f32").asDouble());
        });
    }

    private static void sendsNoMore(Contraction contraction, JsonNode node) {
        Partition fast = contraction.partition(Network.LOCAL);
        contraction.isRight(Network.LOCAL);
        assertThat((double) fast.bytes()).as("%s", fast.local())
                .isLessThanOrEqualTo(node.get("plan_bytes_f32").asDouble());
        assertThat(fast.collectives()).hasSizeLessThanOrEqualTo(node.get("collectives").size());
    }

    /** Rules about the given values come to the expected shardings of all, and to the expected exchanges. */
    @TestFactory
    Stream<DynamicTest> propagations() throws IOException {
        return cases("propagate", node -> {
            ProgramBuilder builder = new ProgramBuilder();
            SequencedMap<String, Value> values = new LinkedHashMap<>();
            node.get("program").forEach(line -> append(builder, values, line.asText()));
            builder.output(values.sequencedValues().getLast());
            Program program = builder.build();
            List<String> rules = new ArrayList<>();
            node.get("given").properties().stream()
                    .sorted(Comparator.comparingInt(given -> given.getValue().path("priority").asInt()))
                    .forEach(given -> given.getValue().properties().stream().filter(e -> e.getValue().isArray())
                            .forEach(e -> rules.add(given.getKey() + "." + e.getKey() + "="
                                    + String.join("+", names(e.getValue())))));
            Rules all = Rules.of(mesh(node).mesh(), String.join(", ", rules));
            Map<Value, Sharding> found = Propagation.of(program, sizes(node), all);
            node.get("expected").properties()
                    .forEach(e -> assertThat(found.get(values.get(e.getKey()))).as("%s", e.getKey()).isEqualTo(
                            sharding(Objects.requireNonNull(values.get(e.getKey())).axes(), e.getValue(),
                                    node.path("none"))));
            Partition partition = Partition.of(program, Context.of(sizes(node)),
                    new Splitting(all, true, Network.LOCAL), Set.of());
            assertThat(partition.collectives()).as("%s", partition.local())
                    .hasSizeLessThanOrEqualTo(node.get("collectives_derived").size());
            assertThat((double) partition.bytes()).isLessThanOrEqualTo(
                    StreamSupport.stream(node.get("collectives_derived").spliterator(), false)
                            .mapToDouble(c -> c.get("bytes_f32").asDouble()).sum());
        });
    }

    /** {@code z[i,j] = x[i,j] + y[i,j]}, {@code o[i,k] = einsum('ij,jk->ik', z, w)} or {@code o[a,c] = sum_b x[a,b,c]}. */
    private static void append(ProgramBuilder builder, Map<String, Value> values, String line) {
        String[] sides = line.split(" = ", 2);
        String result = sides[0].substring(0, sides[0].indexOf('['));
        Matcher einsum = Pattern.compile("einsum\\('(.*)->(.*)', (.*)\\)").matcher(sides[1]);
        if (einsum.matches()) {
            String[] terms = einsum.group(1).split(",");
            String[] names = einsum.group(3).split(", ");
            List<Value> operands = new ArrayList<>();
            for (int i = 0; i < terms.length; i++) {
                operands.add(value(builder, values, names[i], letters(terms[i])));
            }
            List<Axis> output = letters(einsum.group(2));
            values.put(result, builder.contract(operands, Stream.of(terms).map(PartitionCasesTest::letters).toList(),
                    output, output));
            return;
        }
        List<Value> operands = Pattern.compile("(\\w+)\\[([^]]*)]").matcher(sides[1].replaceFirst("^sum_\\w ", ""))
                .results().map(m -> value(builder, values, m.group(1), letters(m.group(2).replace(",", "")))).toList();
        values.put(result, sides[1].startsWith("sum_")
                ? builder.append(result, letters(sides[0].replaceAll(".*\\[|[],]", "")),
                        new Operation.Reduce(Operation.Reduction.SUM, operands.getFirst()))
                : builder.add(operands.getFirst(), operands.getLast()));
    }

    private static Value value(ProgramBuilder builder, Map<String, Value> values, String name, List<Axis> axes) {
        return values.computeIfAbsent(name, _ -> builder.input(name, axes));
    }

    /** An MLP whose input needs no gradient, and a cross-entropy; forward and gradient. */
    @TestFactory
    Stream<DynamicTest> programs() throws IOException {
        Map<String, Supplier<Program>> programs = Map.of("torch.mlp.tp", PartitionCasesTest::mlp,
                "torch.loss_parallel", PartitionCasesTest::loss);
        return cases("program", node -> {
            Supplier<Program> program = programs.get(node.get("id").asText());
            assumeTrue(program != null);
            List<String> rules = new ArrayList<>();
            node.get("rules").properties().forEach(e -> rules.add(e.getKey() + "=" + e.getValue().asText()));
            Partition partition = Partition.of(Objects.requireNonNull(program).get(), Context.of(sizes(node)),
                    new Splitting(Rules.of(mesh(node).mesh(), String.join(", ", rules)), true, Network.LOCAL),
                    Set.of());
            assertThat(partition.collectives()).as("%s", partition.local()).hasSizeLessThanOrEqualTo(
                    node.get("forward").get("all-reduce").asInt()
                            + node.get("backward").path("all-reduce").asInt());
            JsonNode bytes = node.get("bytes_f32");
            assertThat((double) partition.bytes()).isLessThanOrEqualTo(
                    bytes.get("forward").asDouble() + bytes.get("backward").asDouble());
        });
    }

    private static Program mlp() {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b d");
        List<Value> weights = List.of(builder.state("up", "d f"), builder.state("up_bias", "f"),
                builder.state("down", "f d"), builder.state("down_bias", "d"));
        Value hidden = builder.apply(Unary.RELU,
                builder.add(builder.einsum("b d, d f -> b f", x, weights.get(0)), weights.get(1)));
        Value y = builder.add(builder.einsum("b f, f d -> b d", hidden, weights.get(2)), weights.get(3));
        builder.output(y);
        Value loss = builder.reduce(Operation.Reduction.SUM, builder.multiply(y, y), List.of());
        builder.output(loss);
        return stepped(builder, loss, weights);
    }

    private static Program loss() {
        ProgramBuilder builder = new ProgramBuilder();
        Value logits = builder.state("logits", "b v");
        Value loss = builder.reduce(Operation.Reduction.MEAN,
                builder.crossEntropy(logits, builder.input("targets", "b"), new Axis("v")), List.of());
        builder.output(loss);
        return stepped(builder, loss, List.of(logits));
    }

    private static Program stepped(ProgramBuilder builder, Value loss, List<Value> weights) {
        Gradient.Result gradient = Gradient.of(builder.build(), loss, weights);
        ProgramBuilder step = new ProgramBuilder(gradient.program());
        weights.forEach(weight -> step.update(weight,
                step.map(Pointwise.operand(0).minus(Pointwise.operand(1)), weight,
                        Objects.requireNonNull(gradient.of().get(weight)))));
        return step.build();
    }

    private static Contraction contraction(JsonNode node) {
        String[] sides = node.get("equation").asText().split("->");
        ProgramBuilder builder = new ProgramBuilder();
        Map<Value, Sharding> declared = new LinkedHashMap<>();
        List<Value> operands = new ArrayList<>();
        List<List<Axis>> terms = new ArrayList<>();
        for (String term : sides[0].split(",")) {
            List<Axis> axes = letters(term);
            Value input = builder.input("in" + operands.size(), axes);
            declared.put(input, sharding(axes, node.get("operands").get(operands.size()),
                    node.path("operands_partial").path(operands.size())));
            operands.add(input);
            terms.add(axes);
        }
        List<Axis> output = letters(sides[1]);
        Value result = builder.contract(operands, terms, output, output);
        builder.output(result);
        declared.put(result, sharding(output, node.get("output"), node.path("output_partial")));
        return new Contraction(builder.build(), Context.of(sizes(node)), mesh(node), declared);
    }

    private static Contraction reshard(JsonNode node) {
        List<Axis> axes = new ArrayList<>();
        node.get("sizes").fieldNames().forEachRemaining(name -> axes.add(new Axis(name)));
        ProgramBuilder builder = new ProgramBuilder();
        Value input = builder.input("in", axes);
        Value output = builder.output("out", input);
        return new Contraction(builder.build(), Context.of(sizes(node)), mesh(node),
                Map.of(input, sharding(axes, node.get("from"), node.path("none")), output,
                        sharding(axes, node.get("to"), node.path("none"))));
    }

    private static List<Axis> letters(String term) {
        return term.chars().mapToObj(c -> new Axis(Character.toString(c))).toList();
    }

    private static Sizes sizes(JsonNode node) {
        Map<String, Integer> sizes = new TreeMap<>();
        node.get("sizes").properties().forEach(e -> sizes.put(e.getKey(), e.getValue().asInt()));
        return Sizes.of(sizes);
    }

    private static SubAxes mesh(JsonNode node) {
        SequencedMap<String, Integer> axes = new LinkedHashMap<>();
        node.get("mesh").properties().forEach(e -> axes.put(e.getKey(), e.getValue().asInt()));
        return SubAxes.of(new Mesh(axes), List.of());
    }

    private static Sharding sharding(List<Axis> axes, JsonNode split, JsonNode partial) {
        return new Sharding(axes.stream().map(axis -> names(split.path(axis.name()))).toList(),
                new TreeSet<>(names(partial)));
    }

    private static List<String> names(JsonNode node) {
        return StreamSupport.stream(node.spliterator(), false).map(JsonNode::asText).toList();
    }
}
