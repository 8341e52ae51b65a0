package org.einscale.experiments;

import com.fasterxml.jackson.databind.JsonNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.einscale.experiments.config.Experiment;
import org.einscale.scaling.file.FolderLock;
import org.einscale.tensor.file.Replacement;

/**
 * The folder of one run: its settings, its provenance, and the paths of what it writes. Opening the folder of the same
 * experiment again resumes that run; the folder of another is refused. While open, no other process can open it.
 *
 * <pre>
 * resolved.conf     every setting, with defaults and overrides in place
 * overrides.conf    what the command line set
 * provenance.json   one entry a start: seed, commit, JDK, machine, checksum of the data
 * machine.json      the profile of the machine that the run is planned for
 * einscale.log      the log
 * runs.csv          a row a trial
 * history.csv       a row an evaluation
 * fit.json          the fitted law
 * curve.png, .svg   its figure
 * losses.png        validation losses in the course of the trials
 * report.html       all of it as a page
 * trials/NAME/      checkpoints of each trial
 * search/           tables and trials of the short trainings that search learning rates, if any
 * learning-rates.*  what they found, as a table and as a figure
 * .einscale.lock    held while the run goes on
 * </pre>
 */
public final class RunFolder implements AutoCloseable {
    static final String SETTINGS = "resolved.conf";
    static final String SEARCH = "search";
    private static final String UNFINISHED = ".new";
    /** What a start leaves that was killed before its provenance was written. */
    private static final Set<String> OF_A_START = Set.of(FolderLock.FILE, ProvenanceFile.NAME + UNFINISHED);

    private final Path path;
    private final FolderLock lock;

    private RunFolder(Path path, FolderLock lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Opens the folder, making it if there is none.
     *
     * @param fresh whether the files of a run already there are deleted first
     * @throws UserError if the folder holds something else than a run, a run of other settings, or one still going on
     */
    public static RunFolder open(Path path, boolean fresh, Experiment experiment, Provenance provenance) {
        try {
            refuseForeign(path);
            FolderLock lock = lock(path);
            try {
                if (fresh) {
                    RunFiles.delete(path);
                }
                refuseOtherRun(path, experiment, provenance);
                // First, as it marks the folder as a run's: whenever the process is killed, it can be opened again.
                ProvenanceFile starts = new ProvenanceFile(path);
                write(starts.file(), fresh ? starts.startingWith(provenance) : starts.with(provenance));
                write(path.resolve("overrides.conf"), String.join("\n", experiment.overrides()) + "\n");
                write(path.resolve(SETTINGS), render(experiment.resolved()));
                return new RunFolder(path, lock);
            } catch (IOException | RuntimeException failed) {
                lock.close();
                throw failed;
            }
        } catch (IOException failed) {
            throw new UserError("%s: cannot be written: %s".formatted(path, Failure.describe(failed)), failed);
        }
    }

    public Path path() {
        return path;
    }

    public FolderLock lock() {
        return lock;
    }

    public Path log() {
        return path.resolve("einscale.log");
    }

    public Path machine() {
        return path.resolve("machine.json");
    }

    public Path runs() {
        return path.resolve("runs.csv");
    }

    public Path history() {
        return path.resolve("history.csv");
    }

    public Path fit() {
        return path.resolve("fit.json");
    }

    /** The figure of the law, in each format. */
    public List<Path> curves() {
        return Stream.of("curve.png", "curve.svg").map(path::resolve).toList();
    }

    /** The folder of the sweep of short trainings that search learning rates. */
    public Path search() {
        return path.resolve(SEARCH);
    }

    public Path rates() {
        return path.resolve("learning-rates.csv");
    }

    public Path rateFigure() {
        return path.resolve("learning-rates.png");
    }

    public Path losses() {
        return path.resolve("losses.png");
    }

    @Override
    public void close() {
        lock.close();
    }

    private static void refuseForeign(Path path) throws IOException {
        if (Files.isSymbolicLink(path) && !Files.exists(path)) {
            throw new UserError(
                    "%s: a symbolic link to %s, which is not there; make that folder, or choose another with"
                            .formatted(path, Files.readSymbolicLink(path)) + " --output");
        }
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new UserError(path + ": expected a folder for the run, found a file; choose another with --output");
        }
        if (Files.isDirectory(path) && new ProvenanceFile(path).first().isEmpty()) {
            try (var entries = Files.list(path)) {
                if (!entries.allMatch(entry -> OF_A_START.contains(String.valueOf(entry.getFileName())))) {
                    throw new UserError(path + ": holds files that are not of a run (no provenance.json of einscale);"
                            + " choose another folder with --output");
                }
            }
        }
    }

    private static FolderLock lock(Path path) throws IOException {
        return FolderLock.tryTake(path).orElseThrow(() -> new UserError(path
                + ": another einscale is running there; wait for it, or choose another folder with --output"));
    }

    private static void refuseOtherRun(Path path, Experiment experiment, Provenance provenance) throws IOException {
        if (!Files.exists(path.resolve(SETTINGS))) {
            return;
        }
        JsonNode first = new ProvenanceFile(path).first().orElseThrow();
        String advice = "; choose another folder with --output, or delete that run with --fresh";
        if (!first.path("command").asText().equals(provenance.command())) {
            throw new UserError("%s: holds a run of `einscale %s`%s".formatted(path, first.path("command").asText(),
                    advice));
        }
        List<String> differences = SettingsDifference.between(settings(path), experiment.resolved());
        if (!differences.isEmpty()) {
            throw new UserError("%s: holds a run with other settings: %s%s".formatted(path,
                    String.join(", ", differences), advice));
        }
        if (!first.path("dataChecksum").asText().equals(provenance.dataChecksum())) {
            throw new UserError(path + ": holds a run on other text (its checksum differs)" + advice);
        }
    }

    private static Config settings(Path path) {
        try {
            return ConfigFactory.parseFile(path.resolve(SETTINGS).toFile());
        } catch (ConfigException malformed) {
            throw new UserError(path.resolve(SETTINGS) + ": damaged: " + malformed.getMessage(), malformed);
        }
    }

    private static String render(Config config) {
        return config.root().render(ConfigRenderOptions.defaults().setOriginComments(false).setComments(false)
                .setJson(false));
    }

    private static void write(Path file, String content) throws IOException {
        Replacement.write(file, content.getBytes(StandardCharsets.UTF_8));
    }
}
