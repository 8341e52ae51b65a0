package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.einscale.experiments.config.Experiment;
import org.einscale.experiments.config.ExperimentFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFolderTest {
    private static final String ADVICE = "; choose another folder with --output, or delete that run with --fresh";

    @TempDir
    private Path temporary = Path.of("");
    private Path file = Path.of("");
    private Path path = Path.of("");

    @BeforeEach
    void writeExperiment() throws IOException {
        file = Files.writeString(temporary.resolve("tiny.conf"), "training.batch = 4");
        path = temporary.resolve("runs").resolve("tiny");
    }

    @Test
    void holdsWhatTheRunCameFrom() throws IOException {
        open(false, "sweep", "seed=7").close();

        JsonNode start = new ObjectMapper().readTree(path.resolve("provenance.json").toFile()).path("starts").path(0);
        assertThat(start.path("command").asText()).isEqualTo("sweep");
        assertThat(start.path("seed").asLong()).isEqualTo(7);
        assertThat(start.path("overrides").path(0).asText()).isEqualTo("seed=7");
        assertThat(start.path("dataChecksum").asText()).isEqualTo("abc");
        assertThat(start.path("einscale").asText()).isEqualTo(Version.number()).matches("\\d.*");
        assertThat(start.path("jdk").asText()).contains(Runtime.version().toString());
        assertThat(start.path("cores").asInt()).isPositive();
        assertThat(start.path("cpu").asText()).isNotEmpty();
        assertThat(path.resolve("overrides.conf")).hasContent("seed=7\n");
        Experiment again = ExperimentFile.read(path.resolve("resolved.conf"), List.of());
        assertThat(again.settings()).isEqualTo(experiment("seed=7").settings());
    }

    @Test
    void theSameExperimentResumesAndIsNotedAsASecondStart() throws IOException {
        open(false, "sweep").close();
        Files.writeString(path.resolve("runs.csv"), "kept");
        open(false, "sweep", "sweep.workers=3", "fit.bootstrap=10", "sweep.sizes=[{ d = 8 }]", "mesh.data=2",
                "preset=fsdp").close();

        assertThat(path.resolve("runs.csv")).hasContent("kept");
        assertThat(new ObjectMapper().readTree(path.resolve("provenance.json").toFile()).path("starts")).hasSize(2);
    }

    @Test
    void anotherExperimentIsRefusedWithWhatDiffers() {
        open(false, "sweep").close();

        assertThatThrownBy(() -> open(false, "sweep", "training.batch=8", "seed=2")).isInstanceOf(UserError.class)
                .hasMessage(path + ": holds a run with other settings: seed (1, now 2), training.batch (4, now 8)"
                        + ADVICE);
        assertThatThrownBy(() -> open(false, "train")).isInstanceOf(UserError.class)
                .hasMessage(path + ": holds a run of `einscale sweep`" + ADVICE);
        assertThatThrownBy(() -> RunFolder.open(path, false, experiment(),
                Provenance.now("sweep", List.of(), experiment(), "other"))).isInstanceOf(UserError.class)
                .hasMessage(path + ": holds a run on other text (its checksum differs)" + ADVICE);
    }

    @Test
    void freshDeletesWhatTheRunWroteAndNothingElse() throws IOException {
        open(false, "sweep").close();
        Path d32 = trial("d32");
        Path d64 = trial("d64");
        Path notes = Files.writeString(path.resolve("notes.txt"), "precious");
        Path inTrial = Files.writeString(d64.resolve("notes.txt"), "precious");
        Path elsewhere = Files.createDirectories(path.resolve("trials/mine"));
        Files.writeString(elsewhere.resolve("history.csv"), "precious");
        Files.writeString(path.resolve("runs.csv"), "old");
        open(true, "sweep", "seed=2").close();

        assertThat(d32).doesNotExist();
        assertThat(d64).isDirectoryNotContaining("glob:**.safetensors");
        assertThat(path.resolve("runs.csv")).doesNotExist();
        assertThat(List.of(notes, inTrial, elsewhere.resolve("history.csv"))).allSatisfy(
                file -> assertThat(file).hasContent("precious"));
        assertThat(new ObjectMapper().readTree(path.resolve("provenance.json").toFile()).path("starts")).hasSize(1);
    }

    private Path trial(String name) throws IOException {
        Path trial = Files.createDirectories(path.resolve("trials").resolve(name));
        for (String file : List.of("configuration.txt", "history.csv", "result.json", "checkpoint.safetensors",
                "checkpoint.safetensors.new", "model.safetensors", "tokenizer.json")) {
            Files.writeString(trial.resolve(file), "old");
        }
        return trial;
    }

    @Test
    void freshKeepsAFolderThatIsASymbolicLink() throws IOException {
        Path disk = Files.createDirectories(temporary.resolve("large disk"));
        Files.createDirectories(temporary.resolve("runs"));
        Files.createSymbolicLink(path, disk);
        open(false, "sweep").close();
        trial("d32");
        open(true, "sweep").close();

        assertThat(path).isSymbolicLink();
        assertThat(disk.resolve("provenance.json")).exists();
        assertThat(disk.resolve("trials")).doesNotExist();
    }

    @Test
    void aLinkThatLeadsNowhereIsTold() throws IOException {
        Files.createDirectories(temporary.resolve("runs"));
        Files.createSymbolicLink(path, temporary.resolve("gone"));
        assertThatThrownBy(() -> open(false, "sweep")).isInstanceOf(UserError.class)
                .hasMessage("%s: a symbolic link to %s, which is not there; make that folder, or choose another with"
                        + " --output", path, temporary.resolve("gone"));
    }

    @Test
    void freshDeletesNothingOfAFolderThatIsNoRun() throws IOException {
        path = Files.createDirectory(temporary.resolve("thesis"));
        Files.writeString(path.resolve("chapter1.txt"), "precious");
        assertThatThrownBy(() -> open(true, "sweep")).isInstanceOf(UserError.class).hasMessage(path
                + ": holds files that are not of a run (no provenance.json of einscale); choose another folder with"
                + " --output");
        assertThat(path.resolve("chapter1.txt")).hasContent("precious");
    }

    @Test
    void aFileInThePlaceOfTheFolderIsRefused() throws IOException {
        path = Files.writeString(temporary.resolve("taken"), "");
        assertThatThrownBy(() -> open(false, "sweep")).isInstanceOf(UserError.class)
                .hasMessage(path + ": expected a folder for the run, found a file; choose another with --output");
    }

    @Test
    void aRunGoingOnIsNotDisturbed() {
        try (RunFolder running = open(false, "sweep")) {
            assertThatThrownBy(() -> open(true, "sweep")).isInstanceOf(UserError.class).hasMessage(running.path()
                    + ": another einscale is running there; wait for it, or choose another folder with --output");
        }
        open(false, "sweep").close();
    }

    @Test
    void aStartThatWasInterruptedBeforeItsSettingsWereWrittenIsNoObstacle() throws IOException {
        open(false, "sweep").close();
        Files.delete(path.resolve("resolved.conf"));

        open(false, "sweep", "seed=2").close();
        assertThat(path.resolve("resolved.conf")).exists();
    }

    @Test
    void aStartThatWasInterruptedWhileItsProvenanceWasWrittenIsNoObstacle() throws IOException {
        Files.createDirectories(path);
        Files.writeString(path.resolve(".einscale.lock"), "");
        Files.writeString(path.resolve("provenance.json.new"), "{");

        open(false, "sweep").close();
        assertThat(path.resolve("provenance.json.new")).doesNotExist();
    }

    @Test
    void theProvenanceIsWrittenFirstSoThatAnInterruptedStartIsKnownAsARun() throws IOException {
        Files.createDirectories(path.resolve("overrides.conf.new/obstacle"));
        Files.writeString(path.resolve("provenance.json"), "{\"starts\": [{\"einscale\": \"1\"}]}");
        assertThatThrownBy(() -> open(false, "sweep")).isInstanceOf(UserError.class)
                .hasMessageContaining("overrides.conf.new");
        assertThat(new ObjectMapper().readTree(path.resolve("provenance.json").toFile()).path("starts")).hasSize(2);

        Files.delete(path.resolve("overrides.conf.new/obstacle"));
        Files.delete(path.resolve("overrides.conf.new"));
        open(false, "sweep").close();
        assertThat(path.resolve("resolved.conf")).exists();
    }

    private RunFolder open(boolean fresh, String command, String... overrides) {
        Experiment experiment = experiment(overrides);
        return RunFolder.open(path, fresh, experiment, Provenance.now(command, List.of(), experiment, "abc"));
    }

    private Experiment experiment(String... overrides) {
        return ExperimentFile.read(file, List.of(overrides));
    }
}
