package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.einscale.sharding.ShardingError;
import org.einscale.sharding.device.Leader;
import org.einscale.sharding.device.Membership;
import org.einscale.sharding.wire.Address;
import org.einscale.sharding.wire.Credentials;
import org.einscale.sharding.wire.Endpoint;
import org.einscale.sharding.wire.Frame;
import org.einscale.sharding.wire.Receiver;
import org.einscale.sharding.wire.Security;
import org.einscale.tensor.memory.TensorArena;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node whose ports get what is no message, half of one, or one that was sent before: it says so in its log, does not grow,
 * and computes as if nothing had been.
 */
@Tag("cluster")
@EnabledOnOs(OS.LINUX)
class FuzzTest {
    private static final long SECONDS = Long.getLong("fuzz.seconds", 600) / 2;
    private static final long WARMING_UP = 10;
    private static final String HOST = "127.0.0.1";
    private static final String PASSWORD = "einscale";
    private static final int PATIENCE_MILLIS = 1000;
    private static final long GROWTH = 32L << 20;
    /** What the garbage collector may let lie. */
    private static final long HEAP = 256L << 20;
    private static final int THREADS = 20;
    private static final Duration JOINING = Duration.ofSeconds(10);

    @TempDir
    private Path folder = Path.of("");

    /** What a process takes, garbage apart. */
    private record Size(long heap, long resident, long threads) {
        private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

        static Size of(Process process) throws IOException, InterruptedException {
            Process jcmd = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                    Long.toString(process.pid()), "GC.class_histogram").redirectErrorStream(true).start();
            String histogram = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            Matcher total = TOTAL.matcher(histogram);
            assertThat(total.find()).as(histogram).isTrue();
            String status = Files.readString(Path.of("/proc", Long.toString(process.pid()), "status"));
            return new Size(Long.parseLong(total.group(1)), number("VmRSS", status) << 10, number("Threads", status));
        }

        private static long number(String name, String status) {
            Matcher line = Pattern.compile("(?m)^" + name + ":\\s+(\\d+)").matcher(status);
            assertThat(line.find()).isTrue();
            return Long.parseLong(line.group(1));
        }
    }

    /** A port, and what peers have sent to it. */
    private record Target(int port, List<byte[]> conversations) {
        byte[] one(Random random) {
            return conversations.get(random.nextInt(conversations.size())).clone();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void strangersDoNoHarm(boolean secret) throws Exception {
        Processes processes = new Processes(folder);
        processes.awaitEnd("alone", processes.train("alone", List.of()));
        List<String> known = secret ? List.of("--secret", secret("secret.p12").toString()) : List.of();
        Path log = folder.resolve("node.log");
        Process node = processes.start("node", Stream.concat(Stream.of("node", "--port", "0", "--log", log.toString()),
                known.stream()).toList(), "env", "_JAVA_OPTIONS=-Xmx" + HEAP);
        try {
            await().atMost(Processes.LIMIT).failFast(() -> assertThat(node.isAlive()).isTrue())
                    .until(() -> processes.output("node").contains(" lends "));
            Matcher lends = Pattern.compile("(\\S+) lends ").matcher(processes.output("node"));
            assertThat(lends.find()).isTrue();
            String name = lends.group(1);
            Optional<Credentials> own = secret ? Optional.of(read("secret.p12")) : Optional.empty();
            List<Target> targets = targets(name, own);

            Optional<Credentials> others = secret ? Optional.of(read(secret("other.p12"))) : Optional.empty();
            disturb(targets, others, new Random(1), SECONDS / WARMING_UP);
            Size before = Size.of(node);
            disturb(targets, others, new Random(2), SECONDS - SECONDS / WARMING_UP);
            Size after = Size.of(node);

            assertThat(after.heap).as("%s, then %s", before, after).isLessThan(before.heap + GROWTH);
            assertThat(after.resident).as("%s, then %s", before, after).isLessThan(before.resident + HEAP + GROWTH);
            assertThat(after.threads).as("%s, then %s", before, after).isLessThan(before.threads + THREADS);
            processes.awaitEnd("disturbed", processes.train("disturbed",
                    Stream.concat(Stream.of("--nodes", name), known.stream()).toList()));
            assertThat(processes.result("disturbed")).isEqualTo(processes.result("alone"));
            assertThat(node.isAlive()).isTrue();
        } finally {
            node.destroyForcibly().waitFor();
        }
        assertThat(log).content().contains("dropped /127.0.0.1");
    }

    private Path secret(String name) {
        Path file = folder.resolve(name);
        NewSecret.write(file, PASSWORD);
        return file;
    }

    private Credentials read(String name) {
        return read(folder.resolve(name));
    }

    private static Credentials read(Path file) {
        return Credentials.read(file, PASSWORD.toCharArray());
    }

    /** Both ports of a node, and what one who joins it and one who sends it numbers say there. */
    private static List<Target> targets(String name, Optional<Credentials> own) throws Exception {
        Address data;
        try (Leader leader = Leader.join(new Membership(HOST, 0, List.of(name), own), JOINING)) {
            data = leader.await(nodes -> !nodes.isEmpty(), JOINING).getFirst().address();
        }
        try (Tap members = new Tap(HostPort.port(name));
                Tap numbers = new Tap(data.port());
                Endpoint peer = Endpoint.listen(HOST, own.<Security>map(c -> c).orElse(Security.NONE), new Deaf())) {
            // Nobody is called by the name of the tap.
            Membership lost = new Membership(HOST, 0, List.of(HOST + ":" + members.port()), own);
            assertThatThrownBy(() -> Leader.join(lost, Duration.ofSeconds(5))).isInstanceOf(ShardingError.class);
            for (Frame.Kind kind : Frame.Kind.values()) {
                peer.send(new Address(HOST, numbers.port(), data.token()),
                        new Frame(kind, 1, 1, 1, 1, 1, 1, kind.name().length()),
                        kind.name().getBytes(StandardCharsets.US_ASCII));
            }
            await().atMost(JOINING).until(() -> peer.sent() > 0 && !numbers.heard().isEmpty());
            return List.of(new Target(HostPort.port(name), members.heard()), new Target(data.port(), numbers.heard()));
        }
    }

    private static final class Deaf implements Receiver {
        @Override
        public Verdict judge(Frame frame) {
            return Verdict.SENSELESS;
        }

        @Override
        public void received(Address peer, Frame frame, TensorArena body) {
            throw new IllegalStateException("wants nothing");
        }

        @Override
        public void lost(Address peer) {
            // Hears of nobody.
        }
    }

    private static void disturb(List<Target> targets, Optional<Credentials> others, Random random, long seconds)
            throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        while (System.nanoTime() < end) {
            Target target = targets.get(random.nextInt(targets.size()));
            switch (random.nextInt(6)) {
                case 0 -> send(target.port, noise(1 + random.nextInt(1 << random.nextInt(20)), random));
                case 1 -> {
                    byte[] said = target.one(random);
                    send(target.port, Arrays.copyOf(said, random.nextInt(said.length)));
                }
                case 2 -> send(target.port, target.one(random));
                case 3 -> send(target.port, changed(target.one(random), random));
                case 4 -> {
                    byte[] said = target.one(random);
                    byte[] noise = noise(random.nextInt(1000), random);
                    byte[] both = Arrays.copyOf(said, said.length + noise.length);
                    System.arraycopy(noise, 0, both, random.nextInt(said.length), noise.length);
                    send(target.port, both);
                }
                default -> others.ifPresent(stranger -> greet(target, stranger, random));
            }
        }
    }

    private static byte[] noise(int length, Random random) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Some bytes are others. */
    private static byte[] changed(byte[] bytes, Random random) {
        for (int i = 1 + random.nextInt(8); i > 0; i--) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        return bytes;
    }

    /** Sends to a port of this machine, and waits a while for the other end to hang up. */
    private static void send(int port, byte[] bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getByName(HOST), port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            try {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            } catch (SocketTimeoutException patient) {
                // What it has may be the beginning of something.
            } catch (SocketException dropped) {
                assertThat(dropped).hasMessageMatching("(?i).*(reset|closed|pipe).*");
            }
        }
    }

    /** Says what others have said, with a secret of one's own. */
    private static void greet(Target target, Credentials stranger, Random random) {
        assertThatThrownBy(() -> {
            try (SocketChannel socket = SocketChannel.open(new InetSocketAddress(HOST, target.port))) {
                socket.socket().setSoTimeout(PATIENCE_MILLIS);
                ByteChannel channel = stranger.client(socket);
                channel.write(ByteBuffer.wrap(target.one(random)));
                channel.read(ByteBuffer.allocate(1));
            }
        }).isInstanceOf(IOException.class);
    }
}
