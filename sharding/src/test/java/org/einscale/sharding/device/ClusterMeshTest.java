package org.einscale.sharding.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.plan.RandomPrograms;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Devices that talk over sockets come to the same bits as those that read one another's memory. */
@Tag("once")
@SuppressWarnings("NullAway.Init") // set before all tests
class ClusterMeshTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<Node> NODES = new ArrayList<>();
    private static Leader leader;

    @BeforeAll
    static void start() throws Exception {
        NODES.add(Node.start(new Membership("127.0.0.1", 0, List.of(), Optional.empty()), 1, "1", ClusterMeshTest::make,
                LIMIT));
        for (int i = 0; i < 2; i++) {
            NODES.add(Node.start(new Membership("127.0.0.1", 0, List.of(NODES.getFirst().name()),
                    Optional.empty()), 1, "1",
                    ClusterMeshTest::make, LIMIT));
        }
        leader = Leader.join(new Membership("127.0.0.1", 0, List.of(NODES.getFirst().name()),
                Optional.empty()), LIMIT);
        assertThat(leader.await(nodes -> nodes.size() == NODES.size(), LIMIT)).hasSameSizeAs(NODES);
    }

    @AfterAll
    static void stop() {
        leader.close();
        NODES.forEach(Node::close);
    }

    /** A recipe is a seed, a mesh and rules. */
    private static Workshop.Work make(String recipe) {
        String[] words = recipe.split("\\|");
        RandomPrograms.Sample sample = RandomPrograms.withGradient(Long.parseLong(words[0]));
        Partition partition = Partition.of(sample.program(), Context.of(sample.sizes()),
                new Splitting(Rules.of(Mesh.of(words[1]), words[2]), true, Network.LOCAL), Set.of());
        return new Workshop.Work(Pipeline.of(partition), Precision.DOUBLE, Machine.typical());
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', value = {"x=2 ; a0=x, a1=x", "x=4 ; a2=x, a3=x", "x=2,y=3 ; a0=x, a1=y, a3=x+y",
        "x=2,y=2,z=2 ; a0=x+y, a1=z, a2=y"})
    void theBitsAreThoseOfOneProcess(String mesh, String rules) {
        int compared = 0;
        for (long seed = 1; seed <= 8; seed++) {
            String recipe = seed + "|" + mesh + "|" + rules;
            Workshop.Work work;
            try {
                work = make(recipe);
            } catch (ShardingError e) {
                continue;
            }
            RandomPrograms.Sample sample = RandomPrograms.withGradient(seed);
            if (!Filling.possible(sample.program(), sample.sizes())) {
                continue;
            }
            Map<Value, INDArray> given = Filling.of(sample.program(), sample.sizes(), seed);
            List<NodeInfo> nodes = leader.nodes();
            List<NodeInfo> places = IntStream.range(0, work.pipeline().mesh().devices())
                    .mapToObj(d -> nodes.get(d % nodes.size())).toList();
            try (LocalMesh local = new LocalMesh(work.pipeline(), work.precision(), work.machine());
                    ClusterMesh apart = leader.mesh(work, recipe, places, LIMIT)) {
                for (int round = 0; round < 2; round++) {
                    given.forEach(local::write);
                    given.forEach(apart::write);
                    local.run();
                    apart.run();
                    for (Value value : work.pipeline().stages().getFirst().values().keySet()) {
                        assertThat(bits(apart.read(value))).as("%s of program %d", value, seed)
                                .isEqualTo(bits(local.read(value)));
                        compared++;
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(20);
    }

    private static double[] bits(INDArray array) {
        return array.length() == 0 ? new double[0] : array.dup('c').data().asDouble();
    }
}
