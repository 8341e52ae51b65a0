package org.einscale.tensor.file;

import java.nio.file.Path;

/** A file of arrays cannot be read or written; the message is one line that names the file and the problem. */
public final class ArrayFileException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ArrayFileException(Path file, String problem) {
        super(file + ": " + problem);
    }

    ArrayFileException(Path file, String problem, Throwable cause) {
        super(file + ": " + problem, cause);
    }
}
