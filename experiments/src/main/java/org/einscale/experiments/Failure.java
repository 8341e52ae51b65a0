package org.einscale.experiments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Says in words what an exception of the Java library says in its type. */
public final class Failure {
    private Failure() {
    }

    /** The message, with the file where there is one. One line, but for a mistake in a layer, whose place is shown. */
    public static String describe(Throwable failure) {
        return switch (failure) {
            case NoSuchFileException missing -> missing.getFile() + ": no such file";
            case AccessDeniedException denied -> denied.getFile() + ": permission denied";
            case NotDirectoryException file -> file.getFile() + ": expected a folder";
            case FileSystemException other -> withReason(other);
            case UncheckedIOException wrapped -> describe(cause(wrapped));
            default -> oneLine(failure);
        };
    }

    private static Throwable cause(UncheckedIOException wrapped) {
        @Nullable
        IOException cause = wrapped.getCause();
        return cause == null ? new IOException(String.valueOf(wrapped.getMessage())) : cause;
    }

    private static String withReason(FileSystemException failure) {
        @Nullable
        String reason = failure.getReason();
        return failure.getFile() + ": " + (reason == null ? "cannot be used" : reason);
    }

    private static String oneLine(Throwable failure) {
        @Nullable
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
