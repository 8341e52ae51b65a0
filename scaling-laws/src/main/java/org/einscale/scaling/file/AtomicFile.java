package org.einscale.scaling.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.einscale.scaling.ScalingException;
import org.einscale.tensor.file.Replacement;
import org.jspecify.annotations.Nullable;

/** Files that are either as they were or wholly new, whenever the process or the disk stops. */
public final class AtomicFile {

    private AtomicFile() {
    }

    /** Replaces a file by a text in UTF-8. See {@link #write(Path, byte[])}. */
    public static void write(Path file, String text) {
        write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Replaces a file by {@link Replacement}. Creates the folder where it is missing.
     *
     * @throws ScalingException where the disk is full or the place cannot be written; the old file is then untouched
     */
    public static void write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Replacement.write(file, bytes);
        } catch (IOException e) {
            throw new ScalingException("cannot write " + file + ": " + reason(e) + "; what was written before is kept",
                    e);
        }
    }

    /**
     * Reads a text in UTF-8.
     *
     * @throws ScalingException where there is no such file or it cannot be read
     */
    public static String read(Path file) {
        return text(file, bytes(file));
    }

    /**
     * Reads a file.
     *
     * @throws ScalingException where there is no such file or it cannot be read
     */
    public static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new ScalingException("cannot read " + file + ": " + reason(e), e);
        }
    }

    /**
     * The text of a file in UTF-8.
     *
     * @param file what to name where it is none
     * @param content what it holds
     * @throws ScalingException where the bytes are no text in UTF-8
     */
    public static String text(Path file, byte[] content) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            throw new ScalingException("cannot read " + file + ": " + reason(e), e);
        }
    }

    /** What the machine said, in words. */
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException missing -> "no such file";
            case AccessDeniedException denied -> "permission denied";
            case NotDirectoryException file -> "a part of the path is not a folder";
            case CharacterCodingException coding -> "it is not text in UTF-8";
            case FileAlreadyExistsException exists -> exists.getFile() + " is not a folder";
            case FileSystemException system ->
                firstLine(system.getReason() == null ? system.getMessage() : system.getReason());
            default -> firstLine(e.getMessage());
        };
    }

    private static String firstLine(@Nullable String message) {
        return message == null ? "input or output failed" : message.lines().findFirst().orElse("");
    }
}
