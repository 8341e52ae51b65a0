package org.einscale.experiments.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Two ends of a cable that can be pulled out: networks without any other way out, which processes can be started in. */
final class Cable implements AutoCloseable {
    /** By what the machines at the ends reach one another. */
    static final List<String> HOSTS = List.of("10.213.7.1", "10.213.7.2");
    private static final String DEVICE = "cable";

    private final List<String> ends = IntStream.range(0, HOSTS.size())
            .mapToObj(end -> "einscale-" + ProcessHandle.current().pid() + "-" + end).toList();

    private record Answer(int exitCode, String text) {}

    /** Lays one, or skips the test where that is not permitted. */
    Cable() throws IOException, InterruptedException {
        for (String end : ends) {
            Answer answer = ip("netns", "add", end);
            assumeThat(answer.exitCode).as("ip netns add: needs root on Linux: " + answer.text).isZero();
        }
        done(ip("link", "add", DEVICE, "netns", ends.getFirst(), "type", "veth", "peer", "name", DEVICE, "netns",
                ends.getLast()));
        for (int end = 0; end < ends.size(); end++) {
            done(ip("-n", ends.get(end), "address", "add", HOSTS.get(end) + "/24", "dev", DEVICE));
            done(ip("-n", ends.get(end), "link", "set", "lo", "up"));
            done(ip("-n", ends.get(end), "link", "set", DEVICE, "up"));
        }
    }

    /** Words that start a command at an end. */
    String[] at(int end) {
        return new String[]{"ip", "netns", "exec", ends.get(end)};
    }

    /** Pulls it out. The second end knows that; at the first all is as before, but that nothing comes and nothing arrives. */
    void pull() throws IOException, InterruptedException {
        done(ip("-n", ends.getLast(), "link", "set", DEVICE, "down"));
    }

    /** Puts it in again. */
    void plug() throws IOException, InterruptedException {
        done(ip("-n", ends.getLast(), "link", "set", DEVICE, "up"));
    }

    private static Answer ip(String... words) throws IOException, InterruptedException {
        Process process;
        try {
            process = new ProcessBuilder(Stream.concat(Stream.of("ip"), Arrays.stream(words)).toList())
                    .redirectErrorStream(true).start();
        } catch (IOException missing) {
            return new Answer(-1, String.valueOf(missing.getMessage()));
        }
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text);
    }

    private static void done(Answer answer) {
        assertThat(answer.exitCode).as(answer.text).isZero();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        for (String end : ends) {
            done(ip("netns", "delete", end));
        }
    }
}
