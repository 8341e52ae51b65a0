package org.einscale.experiments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.einscale.tensor.file.Replacement;

/** Files that an option names, to be written. */
public final class OutputFile {
    private OutputFile() {
    }

    /**
     * Writes a text in the place of what is there.
     *
     * @throws UserError
     *             if there can be no such file
     * @throws RunFailed
     *             if it cannot be written all the same
     */
    public static void write(Path file, String text) {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new UserError(file + ": there is no folder " + folder);
        }
        if (Files.isDirectory(file)) {
            throw new UserError(file + ": expected a file, found a folder");
        }
        try {
            Replacement.write(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException unwritable) {
            throw new RunFailed(file + ": cannot be written: " + Failure.describe(unwritable), unwritable);
        }
    }
}
