package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.einsum.reference.Interpreter;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Sharding;
import org.einscale.sharding.SubAxes;
import org.einscale.sharding.reference.Lockstep;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Contractions between given shardings. */
@Tag("once")
class ShardedEinsumCasesTest {
    private static final Path FILE = Path.of("../../shared/cases/sharded_einsum.json");

    /**
     * Where more is sent than the best known way sends: axes have fewer elements than devices there, and what is known counts
     * parts of elements.
     */
    private static final Set<String> MORE = Set.of("shardy.dot_result_size_is_equal_to_the_sum_of_operand_sizes",
            "shardy.dot_general_one_suffix_has_larger_count_on_another_factor",
            "shardy.dot_general_overlaps_and_trimmable");

    @TestFactory
    Stream<DynamicTest> contractions() throws IOException {
        assumeTrue(Files.exists(FILE));
        JsonNode all = new ObjectMapper().readTree(FILE.toFile());
        return StreamSupport.stream(all.get("cases").spliterator(), false)
                .map(node -> DynamicTest.dynamicTest(node.get("id").asText(), () -> contraction(node)));
    }

    private static void contraction(JsonNode node) {
        SubAxes mesh = mesh(node);
        String[] sides = node.get("eq").asText().split("->");
        Map<String, Integer> sizes = new TreeMap<>();
        node.get("sizes").properties().forEach(e -> sizes.put(e.getKey(), e.getValue().asInt()));
        ProgramBuilder builder = new ProgramBuilder();
        Map<Value, Sharding> declared = new LinkedHashMap<>();
        List<Value> operands = new ArrayList<>();
        List<List<Axis>> terms = new ArrayList<>();
        for (String term : sides[0].split(",")) {
            List<Axis> axes = term.chars().mapToObj(c -> new Axis(Character.toString(c))).toList();
            Value input = builder.input("in" + operands.size(), axes);
            declared.put(input, sharding(mesh, node.get("in").get(operands.size()), axes.size(), List.of()));
            operands.add(input);
            terms.add(axes);
        }
        List<Axis> output = (sides.length < 2 ? "" : sides[1]).chars().mapToObj(c -> new Axis(Character.toString(c)))
                .toList();
        Value result = builder.contract(operands, terms, output, output);
        builder.output(result);
        declared.put(result, sharding(mesh, node.get("out"), output.size(),
                node.has("out_unreduced") ? names(node.get("out_unreduced")) : List.of()));
        Program program = builder.build();
        Context context = Context.of(Sizes.of(sizes));
        Partition partition = Partition.exhaustive(program, context, mesh, declared, Network.BYTES);
        Map<Value, INDArray> given = Filling.of(program, context.sizes(), 3);
        INDArray right = Objects
                .requireNonNull(Interpreter.run(program, context.sizes(), given).values().get(result));
        INDArray found = Objects.requireNonNull(new Lockstep(partition, given).run().get(result));
        assertThat(found.equalsWithEps(right, 1e-9)).as("%s", partition.local()).isTrue();
        if (node.has("best_bytes_f32") && !MORE.contains(node.get("id").asText())) {
            assertThat((double) partition.bytes()).as("%s", partition.local())
                    .isLessThanOrEqualTo(node.get("best_bytes_f32").asDouble());
        }
    }

    @TestFactory
    Stream<DynamicTest> reshards() throws IOException {
        assumeTrue(Files.exists(FILE));
        JsonNode all = new ObjectMapper().readTree(FILE.toFile());
        return StreamSupport.stream(all.get("resharding_cases").spliterator(), false)
                .map(node -> DynamicTest.dynamicTest(node.get("id").asText(), () -> reshard(node)));
    }

    private static void reshard(JsonNode node) {
        SubAxes mesh = mesh(node);
        Map<String, Integer> sizes = new TreeMap<>();
        List<Axis> axes = new ArrayList<>();
        for (JsonNode size : node.get("shape")) {
            axes.add(new Axis("a" + axes.size()));
            sizes.put(axes.getLast().name(), size.asInt());
        }
        ProgramBuilder builder = new ProgramBuilder();
        Value input = builder.input("in", axes);
        Value output = builder.output("out", input);
        Program program = builder.build();
        Context context = Context.of(Sizes.of(sizes));
        Map<Value, Sharding> declared = Map.of(input, sharding(mesh, node.get("in"), axes.size(), List.of()), output,
                sharding(mesh, node.get("out"), axes.size(), List.of()));
        Partition partition = Partition.exhaustive(program, context, mesh, declared, Network.BYTES);
        Map<Value, INDArray> given = Filling.of(program, context.sizes(), 3);
        INDArray found = Objects.requireNonNull(new Lockstep(partition, given).run().get(output));
        assertThat(found.equalsWithEps(given.get(input), 0)).as("%s", partition.local()).isTrue();
        if (node.has("steps") && !MORE.contains(node.get("id").asText())) {
            double bytes = StreamSupport.stream(node.get("steps").spliterator(), false)
                    .mapToDouble(step -> step.path("bytes_sent_per_device_f32").asDouble()).sum();
            assertThat((double) partition.bytes()).as("%s", partition.local()).isLessThanOrEqualTo(bytes);
        }
    }

    private static SubAxes mesh(JsonNode node) {
        SequencedMap<String, Integer> axes = new LinkedHashMap<>();
        node.get("mesh").properties().forEach(e -> axes.put(e.getKey(), e.getValue().asInt()));
        TreeSet<String> mentioned = new TreeSet<>();
        Stream.concat(flat(node.get("in")), flat(node.get("out"))).forEach(mentioned::add);
        return SubAxes.of(new Mesh(axes), mentioned);
    }

    private static Stream<String> flat(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false).flatMap(ShardedEinsumCasesTest::flat)
                : node.isNull() ? Stream.empty() : Stream.of(node.asText());
    }

    private static Sharding sharding(SubAxes mesh, JsonNode node, int rank, List<String> partial) {
        List<List<String>> split = new ArrayList<>();
        for (int i = 0; i < rank; i++) {
            split.add(mesh.expand(names(node.get(i))));
        }
        return new Sharding(split, new TreeSet<>(mesh.expand(partial)));
    }

    private static List<String> names(JsonNode node) {
        return flat(node).toList();
    }
}
