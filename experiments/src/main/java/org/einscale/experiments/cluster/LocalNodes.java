package org.einscale.experiments.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.einscale.experiments.RunFailed;

/** Nodes on this machine, for a try-out: processes that start with this one and end with it, however it ends. */
public final class LocalNodes implements AutoCloseable {
    private static final long ENDING_SECONDS = 20;
    private static final String HOST = "127.0.0.1";

    private final int cores;
    private final Path logs;
    private final List<Process> processes = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    /**
     * Starts them, and waits until they have joined one another.
     *
     * @param logs
     *            folder for the log of each
     */
    public LocalNodes(int count, Path logs) {
        this.cores = Math.max(1, Runtime.getRuntime().availableProcessors() / count);
        this.logs = logs;
        for (int i = 0; i < count; i++) {
            add();
        }
    }

    /** Starts one more, and waits until it has joined the others. */
    void add() {
        try {
            processes.add(start(logs.resolve("node-" + processes.size() + ".log")));
            names.add(name(processes.getLast()));
        } catch (IOException | RuntimeException e) {
            close();
            throw new RunFailed("a node could not be started: " + e.getMessage(), e);
        }
    }

    private Process start(Path log) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Agents, such as a debugger's, are of this process alone.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-javaagent") && !argument.startsWith("-agentlib"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), "org.einscale.experiments.Main", "node",
                "--host", HOST, "--port", "0", "--cores", String.valueOf(cores), "--log", log.toString(),
                "--until-end-of-input"));
        names.forEach(name -> command.addAll(List.of("--join", name)));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    /** The first word that a node says. */
    private static String name(Process process) throws IOException {
        BufferedReader output = new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        if (line == null) {
            throw new IOException("it ended before it had joined the others");
        }
        return line.substring(0, line.indexOf(' '));
    }

    /** The processes, in the order in which they were started. */
    List<Process> processes() {
        return List.copyOf(processes);
    }

    /** By which they are joined. */
    public List<String> names() {
        return List.copyOf(names);
    }

    @Override
    public void close() {
        processes.forEach(process -> {
            try {
                process.getOutputStream().close();
            } catch (IOException ended) {
                process.destroy();
            }
        });
        for (Process process : processes) {
            try {
                if (!process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
