package org.einscale.bench.peer;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A python3 that runs a script of this package on one thread and answers each line with a line: "ok" or "error", a tab, and
 * text. It ends with this process.
 */
final class PythonProcess implements AutoCloseable {
    private static final Map<String, String> ONE_THREAD = Map.of("OPENBLAS_NUM_THREADS", "1", "OMP_NUM_THREADS", "1",
            "MKL_NUM_THREADS", "1");
    /** For glibc: returning the memory of temporaries to the system, to take it again in the next call, triples some times. */
    private static final Map<String, String> KEEPING_MEMORY = Map.of("MALLOC_MMAP_THRESHOLD_", "1073741824",
            "MALLOC_TRIM_THRESHOLD_", "2147483647");

    private final Path folder;
    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;
    private final Thread killer;

    private PythonProcess(Path folder, Process process) {
        this.folder = folder;
        this.process = process;
        this.commands = process.outputWriter();
        this.answers = process.inputReader();
        this.killer = new Thread(() -> end(process, folder));
        Runtime.getRuntime().addShutdownHook(killer);
    }

    /**
     * Starts a script.
     *
     * @param script a resource beside this class, which answers once when it is ready
     * @throws IllegalStateException if python3 or a module that the script imports is missing
     */
    static PythonProcess start(String script) {
        PythonProcess started = launch(script);
        try {
            started.answer();
        } catch (IllegalStateException e) {
            started.close();
            throw new IllegalStateException("python3 on the PATH has no NumPy (python3 -m pip install numpy)", e);
        }
        return started;
    }

    private static PythonProcess launch(String script) {
        try (InputStream source = Objects.requireNonNull(PythonProcess.class.getResourceAsStream(script), script)) {
            Path folder = Files.createTempDirectory("einscale-numpy");
            Path file = folder.resolve(script);
            Files.copy(source, file);
            ProcessBuilder builder = new ProcessBuilder("python3", file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD);
            builder.environment().putAll(ONE_THREAD);
            builder.environment().putAll(KEEPING_MEMORY);
            try {
                return new PythonProcess(folder, builder.start());
            } catch (IOException e) {
                delete(folder);
                throw new IllegalStateException("there is no python3 on the PATH", e);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** For files that both processes read and write; deleted at the end. */
    Path folder() {
        return folder;
    }

    /**
     * Sends fields, which contain no tabs, and waits for the answer.
     *
     * @throws IllegalStateException if the script reports an error or has ended
     */
    String ask(List<String> fields) {
        try {
            commands.write(String.join("\t", fields));
            commands.newLine();
            commands.flush();
        } catch (IOException e) {
            throw new IllegalStateException("python3 has ended", e);
        }
        return answer();
    }

    private String answer() {
        try {
            String line = answers.readLine();
            if (line == null) {
                throw new IllegalStateException("python3 has ended");
            }
            String[] parts = line.split("\t", 2);
            if (!parts[0].equals("ok")) {
                throw new IllegalStateException(parts[parts.length - 1]);
            }
            return parts[parts.length - 1];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(killer);
        end(process, folder);
    }

    private static void end(Process process, Path folder) {
        process.destroyForcibly();
        delete(folder);
    }

    private static void delete(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
