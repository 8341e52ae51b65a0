package org.einscale.tensor.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file so that its name always stands for a whole one: a neighbour is written, forced to the disk and moved over
 * it. When anything fails the old file is still there and the neighbour is not.
 */
final class Replacement {
    /** Writes the whole content. */
    interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    private Replacement() {
    }

    static void write(Path file, Content content) {
        Path folder = file.toAbsolutePath().normalize().getParent();
        Path neighbour = null;
        try {
            neighbour = Files.createTempFile(folder, "." + file.getFileName(), ".part");
            try (FileChannel channel = FileChannel.open(neighbour, StandardOpenOption.WRITE)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(neighbour, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            neighbour = null;
        } catch (IOException e) {
            throw new ArrayFileException(file, "cannot be written: " + reason(e), e);
        } finally {
            delete(neighbour);
        }
    }

    /** What an I/O failure says to a person. */
    static String reason(IOException e) {
        return switch (e) {
            case java.nio.file.NoSuchFileException missing -> "no such file or folder: " + missing.getFile();
            case java.nio.file.AccessDeniedException denied -> "access denied: " + denied.getFile();
            default -> String.valueOf(e.getMessage());
        };
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void delete(@org.jspecify.annotations.Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                // The failure that brought us here is the one to report; a leftover does no harm.
                file.toFile().deleteOnExit();
            }
        }
    }
}
