package org.einscale.sharding.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.plan.RandomPrograms;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.sharding.DeviceFailure;
import org.einscale.sharding.DeviceMesh;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.NodeLost;
import org.einscale.sharding.Rules;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.sharding.wire.Address;
import org.einscale.sharding.wire.Endpoint;
import org.einscale.sharding.wire.Frame;
import org.einscale.sharding.wire.Receiver;
import org.einscale.sharding.wire.Security;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.memory.TensorArena;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Devices that talk over sockets come to the same bits as those that read one another's memory. */
@Tag("once")
@SuppressWarnings("NullAway.Init") // set before all tests
class ClusterMeshTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final List<Node> NODES = new ArrayList<>();
    /** Behind it waits whoever makes what begins so. */
    private static final String SLOWLY = "slowly:";
    private static final Semaphore DOOR = new Semaphore(0);
    private static Leader leader;

    @BeforeAll
    static void start() throws Exception {
        NODES.add(Node.start(new Membership("127.0.0.1", 0, List.of(), Optional.empty()), 1, "1", ClusterMeshTest::make,
                ClusterMeshTest::ready, LIMIT));
        for (int i = 0; i < 2; i++) {
            NODES.add(Node.start(new Membership("127.0.0.1", 0, List.of(NODES.getFirst().name()),
                    Optional.empty()), 1, "1",
                    ClusterMeshTest::make, ClusterMeshTest::ready, LIMIT));
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

    /** A recipe is a seed, a mesh and rules, and may have to be made slowly. */
    private static Workshop.Work make(String recipe) {
        if (recipe.startsWith(SLOWLY)) {
            DOOR.acquireUninterruptibly();
            return make(recipe.substring(SLOWLY.length()));
        }
        String[] words = recipe.split("\\|");
        RandomPrograms.Sample sample = RandomPrograms.withGradient(Long.parseLong(words[0]));
        Partition partition = Partition.of(sample.program(), Context.of(sample.sizes()),
                new Splitting(Rules.of(Mesh.of(words[1]), words[2]), true, Network.LOCAL), Set.of());
        return new Workshop.Work(Pipeline.of(partition), Precision.DOUBLE, Machine.typical());
    }

    /** Jobs are done by counting in a file what the material holds. */
    private static Skill.Worker ready(String recipe, Path material) {
        if (recipe.equals("impossible")) {
            throw new IllegalStateException("cannot do the impossible");
        }
        return (order, folder, tell) -> {
            try {
                byte[] bytes = Files.readAllBytes(material);
                tell.accept(order + " begun");
                switch (order) {
                    case "fail" -> throw new IllegalStateException("on purpose");
                    case "hang" -> new Semaphore(0).acquire();
                    default -> Files.write(folder.resolve("copy"), bytes);
                }
                Files.writeString(folder.resolve("empty"), "");
                return recipe + " " + order;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
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
                    DeviceMesh apart = leader.mesh(work, recipe, places, LIMIT)) {
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

    /** Of no piece, of less than one, of whole ones, and of some. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1000, 2 * Parcel.PIECE, 3 * Parcel.PIECE + 1})
    void aJobGetsItsMaterialAndLeavesItsFiles(int bytes, @TempDir Path folder) throws Exception {
        byte[] content = new byte[bytes];
        new Random(bytes).nextBytes(content);
        Parcel material = Parcel.of(Files.write(folder.resolve("material"), content));
        List<String> told = new ArrayList<>();
        for (NodeInfo node : leader.nodes()) {
            try (Hire hire = leader.hire(node, "count", material, LIMIT)) {
                for (String order : List.of("one", "two")) {
                    Path here = Files.createDirectories(folder.resolve(order));
                    assertThat(hire.run("job", order, here, told::add)).isEqualTo("count " + order);
                    assertThat(here.resolve("copy")).hasBinaryContent(content);
                    assertThat(here.resolve("empty")).isEmptyFile();
                }
                assertThatThrownBy(() -> hire.run("job", "fail", folder, told::add))
                        .hasMessageContainingAll(node.name(), "job", "on purpose");
            }
        }
        assertThat(told).startsWith("one begun", "two begun", "fail begun").hasSize(9);
    }

    @Test
    void aNodeRefusesWhatItCannotDo(@TempDir Path folder) throws Exception {
        NodeInfo node = leader.nodes().getFirst();
        Parcel material = Parcel.of(Files.write(folder.resolve("material"), new byte[1]));
        assertThatThrownBy(() -> leader.hire(node, "impossible", material, LIMIT)).isInstanceOf(ShardingError.class)
                .hasMessageContainingAll(node.name(), "cannot do the impossible");
    }

    @Test
    void aNodeThatLeavesIsMissedByWhoWaitsForItsJob(@TempDir Path folder) throws Exception {
        Node node = Node.start(new Membership("127.0.0.1", 0, List.of(NODES.getFirst().name()), Optional.empty()), 1,
                "1", ClusterMeshTest::make, ClusterMeshTest::ready, LIMIT);
        leader.await(nodes -> nodes.size() > NODES.size(), LIMIT);
        NodeInfo info = leader.nodes().stream().filter(known -> known.name().equals(node.name())).findFirst()
                .orElseThrow();
        Parcel material = Parcel.of(Files.write(folder.resolve("material"), new byte[1]));
        try (Hire hire = leader.hire(info, "count", material, LIMIT)) {
            assertThatThrownBy(() -> hire.run("job", "hang", folder, begun -> node.close()))
                    .isInstanceOf(NodeLost.class).hasMessageContaining(info.name());
            assertThatThrownBy(() -> hire.run("job", "one", folder, begun -> {
            })).isInstanceOf(NodeLost.class);
        }
    }

    /** A node that goes is told of by who goes and by who misses it; whoever is heard first, it is a loss and no failure. */
    @Test
    void aNodeThatLeavesInARunIsLost() throws Exception {
        String recipe = "3|x=4|a0=x";
        Node node = Node.start(new Membership("127.0.0.1", 0, List.of(NODES.getFirst().name()), Optional.empty()), 1,
                "1", ClusterMeshTest::make, ClusterMeshTest::ready, LIMIT);
        Set<String> names = Stream.concat(NODES.stream(), Stream.of(node)).map(Node::name).collect(Collectors.toSet());
        List<NodeInfo> nodes = leader
                .await(known -> known.stream().map(NodeInfo::name).toList().containsAll(names), LIMIT).stream()
                .filter(info -> names.contains(info.name())).toList();
        try (DeviceMesh mesh = leader.mesh(make(recipe), recipe, nodes, LIMIT)) {
            mesh.run();
            Thread closing = Thread.ofPlatform().start(node::close);
            assertThatThrownBy(() -> {
                while (true) {
                    mesh.run();
                }
            }).isInstanceOf(NodeLost.class);
            closing.join();
        }
    }

    @Test
    void aNodeAnswersWhileItMakesDevicesAndForgetsThoseThatAreNotWantedAnyMore() throws Exception {
        String recipe = "3|x=2|a0=x";
        List<NodeInfo> places = leader.nodes().subList(0, 2);
        assertThatThrownBy(() -> leader.mesh(make(recipe), SLOWLY + recipe, places, Duration.ofSeconds(1)))
                .isInstanceOf(NodeLost.class).hasMessageContaining("not ready within 1 s");
        try (Leader other = Leader.join(
                new Membership("127.0.0.1", 0, List.of(NODES.getFirst().name()), Optional.empty()), LIMIT)) {
            assertThat(other.await(nodes -> nodes.size() == NODES.size(), LIMIT)).hasSameSizeAs(NODES)
                    .allSatisfy(node -> assertThat(node.devices()).isEmpty());
        }
        DOOR.release(2);
        try (DeviceMesh mesh = leader.mesh(make(recipe), recipe, places, LIMIT)) {
            mesh.run();
            assertThat(NODES).filteredOn(node -> !node.info().devices().isEmpty()).hasSize(2)
                    .allSatisfy(node -> assertThat(node.info().devices()).hasSize(1));
        }
    }

    @Test
    void aLossIsNoFailure() throws Exception {
        List<NodeInfo> places = leader.nodes().subList(0, 2);
        String first = "node " + places.getFirst().name();
        String second = "node " + places.getLast().name();
        assertThat(told(places, Frame.Kind.LOST, 0)).isInstanceOf(NodeLost.class)
                .hasMessage(first + " with device 0 has stopped");
        assertThat(told(places, Frame.Kind.LOST, 1)).isInstanceOf(NodeLost.class)
                .hasMessage(second + " with device 1 cannot be reached by " + first);
        assertThat(told(places, Frame.Kind.FAILED, 0)).isNotInstanceOf(NodeLost.class)
                .isInstanceOf(DeviceFailure.class).hasMessage(first + ": ");
    }

    /** How a mesh ends of which the first node tells something. */
    private static Throwable told(List<NodeInfo> places, Frame.Kind kind, int device) throws IOException {
        try (Endpoint endpoint = Endpoint.listen("127.0.0.1", Security.NONE, new Deaf())) {
            ClusterMesh mesh = new ClusterMesh(1, make("3|x=2|a0=x"), places, endpoint, closed -> {
            });
            mesh.received(places.getFirst().address(), new Frame(kind, 1, 0, device, 0, 0, 0, 0),
                    endpoint.buffer(endpoint.address(), 0));
            return catchThrowable(() -> mesh.awaitPrepared(LIMIT));
        }
    }

    private static final class Deaf implements Receiver {
        @Override
        public Verdict judge(Frame frame) {
            return Verdict.SENSELESS;
        }

        @Override
        public void received(Address peer, Frame frame, TensorArena body) {
            throw new IllegalStateException("admits nothing");
        }

        @Override
        public void lost(Address peer) {
            // Hears of nobody.
        }
    }
}
