package org.einscale.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.StreamSupport;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Exchange;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.Statement;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.optimizer.Sgd;
import org.einscale.trainer.optimizer.TrainingProgram;
import org.junit.jupiter.api.Test;

/** Small GPTs on meshes send no more than in the tests of other partitioners. */
class ShardedModelCasesTest {
    private static final Path FILE = Path.of("../../shared/cases/partition.json");

    /** An MLP with biases. */
    private static final String BIASED = """
            mlp_biased {
              parameters { up = "d f", rise { axes = "f", init = zeros }, down = "f d", fall { axes = "d", init = zeros } }
              steps = [
                "hidden = gelu(einsum('b l d, d f -> b l f', x, up) + rise)"
                "y      = einsum('b l f, f d -> b l d', hidden, down) + fall"
              ]
            }""";

    private static JsonNode node(String id) throws IOException {
        assumeTrue(Files.exists(FILE));
        JsonNode all = new ObjectMapper().readTree(FILE.toFile());
        return StreamSupport.stream(all.get("cases").spliterator(), false)
                .filter(node -> node.get("id").asText().equals(id)).findFirst().orElseThrow();
    }

    private static Model model(int batch, int length) {
        return Tiny.model("axes { d = 16, h = 4, f = 64 }, layers = 2, block = [attention, mlp_biased]", BIASED).spec()
                .build(batch, length, 8, true, 5);
    }

    private static Partition partition(Program program, Model model, Splitting splitting) {
        return Partition.of(program, Context.of(model.sizes()), splitting, Set.of());
    }

    private static Splitting tensorParallel() {
        return new Splitting(Rules.of(Mesh.of("tp=4"), "h=tp, f=tp, v=tp"), true, Network.LOCAL);
    }

    /** What is not a number a token, as a cross-entropy exchanges, or a single one. */
    private static List<Statement> activations(Partition partition) {
        return partition.collectives().stream().filter(s -> s.result().axes().size() > 2).toList();
    }

    private static double bytes(Partition partition, List<Statement> statements) {
        return statements.stream().mapToDouble(partition::bytes).sum();
    }

    @Test
    void tensorParallelReducesTheGradientOfAnInputOnce() throws IOException {
        JsonNode node = node("torch.transformer.tp");
        Model model = model(8, 8);
        Program step = TrainingProgram.of(model, new Sgd(0, false, 0, Double.POSITIVE_INFINITY)).program();
        Partition forward = partition(model.program(), model, tensorParallel());
        Partition both = partition(step, model, tensorParallel());
        JsonNode bytes = node.get("bytes_f32");

        // The table of positions is whole, and logits stay where they are.
        assertThat(activations(forward)).hasSizeLessThanOrEqualTo(node.get("forward").get("all-reduce").asInt());
        assertThat(bytes(forward, activations(forward))).isLessThanOrEqualTo(bytes.get("forward").asDouble());
        assertThat(activations(both).size() - activations(forward).size())
                .isLessThanOrEqualTo(node.get("backward_merged").get("all-reduce").asInt());
        assertThat(bytes(both, activations(both)) - bytes(forward, activations(forward)))
                .isLessThanOrEqualTo(bytes.get("backward_merged").asDouble());
    }

    /** Split rows of the table of positions are gathered, and do not split the residual stream. */
    @Test
    void positionsOfSplitRowsCostNoMoreThanTheirRows() throws IOException {
        JsonNode node = node("torch.transformer.tp");
        Model model = model(8, 8);
        Partition step = partition(TrainingProgram.of(model, new Sgd(0, false, 0, Double.POSITIVE_INFINITY)).program(),
                model,
                new Splitting(Rules.of(Mesh.of("tp=4"), "h=tp, f=tp, v=tp, embedding.positions.l=tp"), true,
                        Network.LOCAL));
        JsonNode bytes = node.get("bytes_f32");

        assertThat((double) step.bytes()).as("%s", step.local())
                .isLessThanOrEqualTo(bytes.get("forward").asDouble() + bytes.get("backward_merged").asDouble());
        assertThat(activations(step)).hasSizeLessThanOrEqualTo(
                node.get("forward").get("all-reduce").asInt() + node.get("backward_merged").get("all-reduce").asInt());
        assertThat(step.collectives().stream()
                .filter(s -> ((Operation.Collective) s.operation()).exchange() == Exchange.ALL_GATHER))
                .hasSize(node.get("forward").get("all-gather").asInt());
    }

    @Test
    void fullyShardedSendsThreeTimesTheParameters() throws IOException {
        JsonNode node = node("torch.fsdp");
        Model model = model(8, 16);
        Partition step = partition(TrainingProgram.of(model, new Sgd(0, false, 0, Double.POSITIVE_INFINITY)).program(),
                model,
                Splitting.of(Mesh.of("data=4"), List.of(), List.of(Preset.FSDP)));
        Predicate<Statement> scalar = s -> s.result().axes().isEmpty();

        assertThat(model.parameters().stream().mapToLong(p -> model.sizes().volume(p.value().axes())).sum())
                .isEqualTo(node.get("parameters").asLong());
        assertThat(bytes(step, step.collectives().stream().filter(scalar.negate()).toList())).as("%s", step.local())
                .isLessThanOrEqualTo(node.get("bytes_f32").get("step").asDouble());
        assertThat(step.collectives().stream().filter(scalar.negate())).allMatch(s -> Set
                .of(Exchange.ALL_GATHER, Exchange.REDUCE_SCATTER)
                .contains(((Operation.Collective) s.operation()).exchange()));
    }
}
