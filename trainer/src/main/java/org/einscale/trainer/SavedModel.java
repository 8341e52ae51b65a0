package org.einscale.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.einscale.tensor.Precision;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.text.Tokenizer;
import org.einscale.trainer.text.TokenizerFile;

/**
 * A trained model in a folder: {@value #FILE} with the parameters, whose metadata holds everything else here but the
 * tokenizer, and {@value #TOKENIZER}. The folder needs nothing beside it.
 *
 * @param definition the model as it was written
 * @param length tokens in a sequence, the longest context
 * @param precision of the parameters
 * @param tokenizer turns text into tokens
 * @param separator ends each document
 */
public record SavedModel(ModelDefinition definition, int length, Precision precision, Tokenizer tokenizer,
        String separator) {
    /** Name of the file with the parameters. */
    public static final String FILE = "model.safetensors";
    /** Name of the file with the tokenizer. */
    public static final String TOKENIZER = "tokenizer.json";
    private static final String DEFINITION = "einscale.definition";
    private static final String LENGTH = "einscale.length";
    private static final String PRECISION = "einscale.precision";
    private static final String FINGERPRINT = "einscale.tokenizer";
    private static final String SEPARATOR = "einscale.separator";

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
        try (TensorFile tensors = TensorFile.open(file)) {
            Tokenizer tokenizer = TokenizerFile.load(folder.resolve(TOKENIZER));
            if (!tokenizer.fingerprint().equals(tensors.metadata(FINGERPRINT))) {
                throw new IllegalArgumentException("%s was trained with another tokenizer than %s; put the right one there"
                        .formatted(file, folder.resolve(TOKENIZER)));
            }
            return new SavedModel(ModelDefinition.parse(tensors.metadata(DEFINITION)),
                    Integer.parseInt(tensors.metadata(LENGTH)), Precision.valueOf(tensors.metadata(PRECISION)), tokenizer,
                    tensors.metadata(SEPARATOR));
        }
    }

    /** Fills the parameters of a model built from this definition. */
    void load(Path folder, SessionStates parameters) {
        try (TensorFile tensors = TensorFile.open(folder.resolve(FILE))) {
            tensors.load(parameters);
        }
    }

    /** Writes model and tokenizer; the states may hold more than the parameters. */
    static void write(Path folder, ModelDefinition definition, TrainingSpec spec, TextData data, SessionStates states,
            Model model) {
        List<SessionStates.State> parameters = model.parameters().stream()
                .map(parameter -> states.named(parameter.value().name())).toList();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder %s: %s".formatted(folder, e.getMessage()), e);
        }
        TokenizerFile.save(data.tokenizer(), folder.resolve(TOKENIZER));
        TensorFile.write(folder.resolve(FILE), parameters,
                Map.of(DEFINITION, definition.text(), LENGTH, Integer.toString(spec.length()), PRECISION,
                        spec.precision().name(), FINGERPRINT, data.tokenizer().fingerprint(), SEPARATOR, data.separator()));
    }
}
