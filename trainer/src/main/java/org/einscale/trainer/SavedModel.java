package org.einscale.trainer;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.einscale.tensor.Precision;
import org.einscale.tensor.file.Safetensors;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.task.TaskKind;
import org.einscale.trainer.text.Tokenizer;
import org.einscale.trainer.text.TokenizerFile;

/**
 * A trained model in a folder: {@value #FILE} with the parameters, whose metadata holds everything else here but the
 * tokenizer, and {@value #TOKENIZER} if it has learned a text. The folder needs nothing beside it.
 *
 * @param definition the model as it was written
 * @param length tokens in a sequence, the longest context
 * @param precision of the parameters
 * @param learned what it has learned
 */
public record SavedModel(ModelDefinition definition, int length, Precision precision, Learned learned) {
    /** Name of the file with the parameters. */
    public static final String FILE = "model.safetensors";
    /** Name of the file with the tokenizer. */
    public static final String TOKENIZER = "tokenizer.json";
    private static final String DEFINITION = "einscale.definition";
    private static final String LENGTH = "einscale.length";
    private static final String PRECISION = "einscale.precision";
    private static final String FINGERPRINT = "einscale.tokenizer";
    private static final String SEPARATOR = "einscale.separator";
    private static final String ORIGIN = "einscale.origin.";
    private static final String TASK = "einscale.task";
    private static final String TASK_SEED = "einscale.task-seed";

    /**
     * Reads all but the parameters.
     *
     * @throws IllegalArgumentException if the folder holds no model, or the tokenizer is not the one it was trained with
     */
    public static SavedModel read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(
                    "%s holds no %s: expected the folder of a finished training".formatted(folder, FILE));
        }
        Safetensors content = Safetensors.read(file);
        return new SavedModel(ModelDefinition.parse(TensorFile.metadata(file, content, DEFINITION)),
                Integer.parseInt(TensorFile.metadata(file, content, LENGTH)),
                Precision.valueOf(TensorFile.metadata(file, content, PRECISION)),
                content.metadata().containsKey(TASK) ? task(file, content) : text(folder, file, content));
    }

    private static Learned task(Path file, Safetensors content) {
        Section task = Section.at(file + ": " + TASK,
                ConfigFactory.parseString(TensorFile.metadata(file, content, TASK)));
        return new Learned.OfTask(
                TaskKind.read(task).orElseThrow(() -> new IllegalArgumentException(file + ": names no task")),
                Long.parseLong(TensorFile.metadata(file, content, TASK_SEED)));
    }

    private static Learned text(Path folder, Path file, Safetensors content) {
        Tokenizer tokenizer = TokenizerFile.load(folder.resolve(TOKENIZER));
        if (!tokenizer.fingerprint().equals(TensorFile.metadata(file, content, FINGERPRINT))) {
            throw new IllegalArgumentException("%s was trained with another tokenizer than %s; put the right one there"
                    .formatted(file, folder.resolve(TOKENIZER)));
        }
        return new Learned.Text(tokenizer, TensorFile.metadata(file, content, SEPARATOR));
    }

    /** Where the model in a folder comes from, as its training said. */
    public static SortedMap<String, String> origin(Path folder) {
        SortedMap<String, String> origin = new TreeMap<>();
        Safetensors.read(folder.resolve(FILE)).metadata().forEach((key, text) -> {
            if (key.startsWith(ORIGIN)) {
                origin.put(key.substring(ORIGIN.length()), text);
            }
        });
        return origin;
    }

    /** Fills the parameters of a model built from this definition. */
    void load(Path folder, States parameters) {
        Path file = folder.resolve(FILE);
        parameters.copyFrom(Safetensors.read(file).arrays(), file);
    }

    /** Writes model and tokenizer; the states may hold more than the parameters. */
    static void write(Path folder, PreparedTraining of, States states) {
        List<String> parameters = of.model().parameters().stream().map(parameter -> parameter.value().name()).toList();
        // Sorted, so that equal models are equal files.
        SortedMap<String, String> metadata = new TreeMap<>(
                Map.of(DEFINITION, of.definition().text(), LENGTH, Integer.toString(of.spec().length()), PRECISION,
                        of.spec().precision().name()));
        of.origin().forEach((name, text) -> metadata.put(ORIGIN + name, text));
        switch (of.data().learned()) {
            case Learned.Text text -> {
                metadata.put(FINGERPRINT, text.tokenizer().fingerprint());
                metadata.put(SEPARATOR, text.separator());
                TensorFile.write(folder.resolve(FILE), states, parameters, metadata);
                TokenizerFile.save(text.tokenizer(), folder.resolve(TOKENIZER));
            }
            case Learned.OfTask learned -> {
                metadata.put(TASK, learned.task().text());
                metadata.put(TASK_SEED, Long.toString(learned.seed()));
                TensorFile.write(folder.resolve(FILE), states, parameters, metadata);
            }
        }
    }
}
