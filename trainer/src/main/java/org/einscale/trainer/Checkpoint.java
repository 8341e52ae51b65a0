package org.einscale.trainer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.einscale.tensor.file.Safetensors;

/**
 * What a training needs, beside parameters and the states of its optimizer, to go on as if it had never stopped. Both are in one file, so they
 * cannot disagree: {@value #FILE}, whose tensors are the states in the precision in which they were trained and whose
 * metadata holds this record as JSON. The file is replaced only by a whole one.
 *
 * @param step optimizer steps done
 * @param time where the time went so far
 * @param history measurements so far
 * @param identity all settings that decide the numbers of the run, as text by name
 */
public record Checkpoint(long step, TrainingTime time, List<LossPoint> history, SortedMap<String, String> identity) {
    /** Name of the file in the folder of a training. */
    public static final String FILE = "checkpoint.safetensors";
    private static final String KEY = "einscale.checkpoint";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** None of it can be changed. */
    public Checkpoint {
        history = List.copyOf(history);
        identity = Collections.unmodifiableSortedMap(new TreeMap<>(identity));
    }

    /**
     * The checkpoint in a folder, if there is one.
     *
     * @throws org.einscale.tensor.file.ArrayFileException if the file cannot be read
     * @throws IllegalArgumentException if it is not a checkpoint
     */
    public static Optional<Checkpoint> read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        String json = TensorFile.metadata(file, Safetensors.read(file), KEY);
        try {
            return Optional.of(JSON.readValue(json, Checkpoint.class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                    "%s is not a checkpoint of this version: %s".formatted(file, e.getOriginalMessage()), e);
        }
    }

    /** Writes the checkpoint and the states of its moment to a folder, which is made if need be. */
    void write(Path folder, States states) {
        try {
            TensorFile.write(folder.resolve(FILE), states, states.names(), Map.of(KEY, JSON.writeValueAsString(this)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Fills the states from the file of this checkpoint.
     *
     * @throws IllegalArgumentException if the file lacks one of them
     */
    void load(Path folder, States states) {
        Path file = folder.resolve(FILE);
        states.copyFrom(Safetensors.read(file).arrays(), file);
    }

    /**
     * Refuses to go on with other settings.
     *
     * @throws IllegalArgumentException naming each setting that differs, with both values
     */
    void requireSame(SortedMap<String, String> asked, Path folder) {
        if (identity.equals(asked)) {
            return;
        }
        var names = new TreeSet<>(identity.keySet());
        names.addAll(asked.keySet());
        List<String> differences = new ArrayList<>();
        for (String name : names) {
            String there = identity.getOrDefault(name, "nothing");
            String here = asked.getOrDefault(name, "nothing");
            if (!there.equals(here)) {
                differences.add("%s is %s there and %s here".formatted(name, there, here));
            }
        }
        throw new IllegalArgumentException("%s is of another training: %s; use another folder or the same settings"
                .formatted(folder.resolve(FILE), String.join(", ", differences)));
    }
}
