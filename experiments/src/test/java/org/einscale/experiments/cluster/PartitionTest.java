package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Two groups of nodes that cannot reach one another any more, both of which reach the run's folder, as on a disk that they
 * share: one of them trains on, to the bits of a training that nothing happened to, and the other does not write.
 */
@Tag("cluster")
class PartitionTest {
    private static final int PORT = 25520;

    @TempDir
    private static Path folder = Path.of("");
    private static Processes processes = new Processes(folder);
    private static List<String> undisturbed = List.of();

    @BeforeAll
    static void trainUndisturbed() throws Exception {
        processes = new Processes(folder);
        processes.awaitEnd("alone", processes.train("alone", List.of()));
        undisturbed = processes.result("alone");
        NewSecret.write(secret(), "einscale");
    }

    private static Path secret() {
        return folder.resolve("secret.p12");
    }

    /** What runs on two machines with a cable between them. */
    private record Machines(String run, Cable cable, List<Process> started,
            List<String> nodes) implements AutoCloseable {

        private String name(int node) {
            return run + "-node-" + node;
        }

        /** Starts a node, and waits until it has joined the others. */
        void node(int machine) throws IOException {
            String name = name(nodes.size());
            int port = PORT + nodes.size();
            List<String> arguments = new ArrayList<>(List.of("node", "--host", Cable.HOSTS.get(machine), "--port",
                    String.valueOf(port), "--cores", "1", "--secret", secret().toString(), "--log",
                    folder.resolve(name + ".log").toString()));
            nodes.forEach(other -> arguments.addAll(List.of("--join", other)));
            Process process = start(name, arguments, machine);
            nodes.add(Cable.HOSTS.get(machine) + ":" + port);
            await().atMost(Processes.LIMIT)
                    .failFast(() -> assertThat(process.isAlive()).as(processes.output(name)).isTrue())
                    .until(() -> processes.output(name).contains(" lends "));
        }

        /** Starts a training on all nodes, which says in a file of that name how it goes. */
        Process train(String name, int machine, String... options) throws IOException {
            List<String> all = Stream.concat(Stream.of("--nodes", String.join(",", nodes), "--secret",
                    secret().toString()), Stream.of(options)).toList();
            return start(name, processes.training(run, all), machine);
        }

        private Process start(String name, List<String> arguments, int machine) throws IOException {
            Process process = processes.start(name, arguments, cable.at(machine));
            started.add(process);
            return process;
        }

        void awaitLog(int node, String text) {
            await().atMost(Processes.LIMIT)
                    .until(() -> Files.readString(folder.resolve(name(node) + ".log")).contains(text));
        }

        @Override
        public void close() throws InterruptedException {
            for (Process process : started) {
                process.destroyForcibly().waitFor();
            }
        }
    }

    /** With more than half of them, with fewer, and with none until there is a way again. */
    @ParameterizedTest
    @CsvSource({"2,1", "1,3", "0,2"})
    void whoLeadsIsCutOffFromNodes(int with, int apart) throws Exception {
        String run = "cut-" + with + "-" + apart;
        String other = run + "-standing";
        try (Cable cable = new Cable();
                Machines machines = new Machines(run, cable, new ArrayList<>(), new ArrayList<>())) {
            for (int node = 0; node < with + apart; node++) {
                machines.node(node < with ? 0 : 1);
            }
            Process training = machines.train(run, 0);
            processes.awaitCheckpoint(run, training);
            Process standing = machines.train(other, 1, "--standby");
            await().atMost(Processes.LIMIT).until(() -> processes.output(other).contains("standing by"));
            String waiting = processes.output(other);
            cable.pull();
            if (with == 0) {
                machines.awaitLog(0, "has no more devices");
                cable.plug();
            }
            await().atMost(Processes.LIMIT)
                    .failFast(() -> assertThat(training.isAlive()).as(processes.output(run)).isTrue())
                    .until(() -> processes.output(run).contains("going on from step"));
            assertThat(processes.output(other)).isEqualTo(waiting);
            processes.awaitEnd(run, training);
            processes.awaitEnd(other, standing);
            assertThat(processes.output(other)).startsWith(waiting).contains("kept from an earlier start");
            assertThat(processes.result(run)).isEqualTo(undisturbed);
        }
    }
}
