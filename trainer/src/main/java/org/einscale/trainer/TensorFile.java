package org.einscale.trainer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.einscale.tensor.file.ArrayFileException;
import org.einscale.tensor.file.Safetensors;

/** The safetensors files of a training. */
final class TensorFile {
    private TensorFile() {
    }

    /**
     * Writes states to a file as a whole, or leaves the older one. Makes its folder if need be.
     *
     * @throws ArrayFileException if the file cannot be written
     * @throws UncheckedIOException if the folder cannot be made
     */
    static void write(Path file, States states, Collection<String> names, Map<String, String> metadata) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder %s: %s".formatted(folder, e.getMessage()), e);
        }
        states.write(file, names, metadata);
    }

    /**
     * A text of a file's metadata.
     *
     * @throws IllegalArgumentException if the file lacks it
     */
    static String metadata(Path file, Safetensors content, String key) {
        String text = content.metadata().get(key);
        if (text == null) {
            throw new IllegalArgumentException(
                    "%s was not written by this program: its metadata lacks '%s'".formatted(file, key));
        }
        return text;
    }
}
