package org.einscale.tensor.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
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

    static ArrayFileException unreadable(Path file, IOException cause) {
        return new ArrayFileException(file, "cannot be read: " + reason(cause), cause);
    }

    static ArrayFileException unwritable(Path file, IOException cause) {
        return new ArrayFileException(file, "cannot be written: " + reason(cause), cause);
    }

    /** What an I/O failure says to a person. */
    private static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file or folder: " + missing.getFile();
            case AccessDeniedException denied -> "access denied: " + denied.getFile();
            default -> String.valueOf(e.getMessage());
        };
    }
}
