package org.einscale.experiments.cluster;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.experiments.Main;

/** A sweep of tiny trials on a text of a tokenizer of its own, in a folder. */
record TinySweep(Path folder, Path config) {
    private static final String EXPERIMENT = """
            data { source = "%s", validation-fraction = 0.2, tokenizer { kind = bpe, vocabulary = 270 } }
            model { axes { d = 8, h = 2 }, layers = 1 }
            training { steps = %d, batch = 2, length = 8, evaluate-every = 40, evaluation-tokens = 64 }
            sweep.grid { d = [4, 8, 12], seed = %s }
            """;

    static TinySweep of(Path folder, int trials, int steps) throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), IntStream.range(0, 60)
                .mapToObj(i -> String.format(Locale.ROOT, "the cat sat on mat %d%n", i)).collect(Collectors.joining()));
        return new TinySweep(folder, Files.writeString(folder.resolve("tiny.conf"),
                String.format(Locale.ROOT, EXPERIMENT, text, steps,
                        IntStream.rangeClosed(1, trials / 3).boxed().toList())));
    }

    /** Runs it in this process; its results go to a folder of that name. */
    int run(String name, StringWriter said, String... options) {
        PrintWriter out = new PrintWriter(said);
        return Main.commandLine().setOut(out).setErr(out)
                .execute(Stream.concat(Stream.of("sweep", config.toString(), "--machine", "typical", "-o",
                        folder.resolve(name).toString()), Arrays.stream(options)).toArray(String[]::new));
    }

    /** Both tables without the last three columns of that of runs, the timings, and all models. */
    List<String> result(String name) throws IOException {
        Path results = folder.resolve(name);
        Stream<String> runs = Files.readAllLines(results.resolve("runs.csv")).stream()
                .map(line -> line.replaceFirst("(,[^,]*){3}$", ""));
        try (Stream<Path> trials = Files.list(results.resolve("trials"))) {
            List<String> models = trials.sorted().map(TinySweep::model).toList();
            return Stream.of(runs, Files.readAllLines(results.resolve("history.csv")).stream(), models.stream())
                    .flatMap(lines -> lines).toList();
        }
    }

    private static String model(Path trial) {
        try {
            return trial.getFileName() + Processes.parameters(trial)
                    + Files.readString(trial.resolve("tokenizer.json"));
        } catch (IOException e) {
            return trial + " is not whole";
        }
    }
}
