package org.einscale.experiments;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.einscale.scaling.file.FolderLock;
import org.einscale.trainer.Checkpoint;
import org.einscale.trainer.SavedModel;

/** The files that a run writes, so that it can be deleted without touching any other that its folder holds. */
final class RunFiles {
    /** The provenance, which marks the folder as a run's, is not among them: a new run writes over it. */
    private static final List<String> OF_A_RUN = List.of(RunFolder.SETTINGS, "overrides.conf", "machine.json",
            "einscale.log", "runs.csv", "history.csv", "fit.json", "curve.png", "curve.svg", "losses.png",
            "emergence.png",
            "emergence.svg", "learning-rates.csv", "learning-rates.png", "report.html");
    private static final List<String> OF_A_SEARCH = List.of("runs.csv", "history.csv", FolderLock.FILE);
    private static final String MARK_OF_A_TRIAL = "configuration.txt";
    /** What marks a folder as a trial's goes last, so that an interrupted deletion can be taken up again. */
    private static final List<String> OF_A_TRIAL = List.of("history.csv", "progress.json", "result.json",
            Checkpoint.FILE,
            SavedModel.FILE, SavedModel.TOKENIZER, MARK_OF_A_TRIAL);
    private static final String UNFINISHED = ".new";

    private RunFiles() {
    }

    /** Deletes what a run wrote, and the folders of its trials where nothing else is in them. */
    static void delete(Path run) throws IOException {
        Path search = run.resolve(RunFolder.SEARCH);
        deleteTrials(search);
        delete(search, OF_A_SEARCH);
        deleteIfEmpty(search);
        deleteTrials(run);
        delete(run, OF_A_RUN);
    }

    private static void deleteTrials(Path sweep) throws IOException {
        Path trials = sweep.resolve("trials");
        if (Files.isDirectory(trials)) {
            List<Path> folders;
            try (Stream<Path> entries = Files.list(trials)) {
                folders = entries.filter(entry -> Files.exists(entry.resolve(MARK_OF_A_TRIAL))).toList();
            }
            for (Path folder : folders) {
                delete(folder, OF_A_TRIAL);
                deleteIfEmpty(folder);
            }
            deleteIfEmpty(trials);
        }
    }

    private static void delete(Path folder, List<String> names) throws IOException {
        for (String name : names) {
            Files.deleteIfExists(folder.resolve(name + UNFINISHED));
            Files.deleteIfExists(folder.resolve(name));
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.delete(folder);
            } catch (DirectoryNotEmptyException others) {
                // What is not the run's stays.
            }
        }
    }
}
