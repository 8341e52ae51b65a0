package org.einscale.tensor.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Writes a file so that its name always stands for a whole one: its neighbour, named {@code FILE.new}, is written, forced
 * to the disk and moved over it. When writing fails the old file is still there and the neighbour is not. A process that
 * is killed leaves at most that one neighbour, which the next writing overwrites. For one writer of a file at a time.
 */
public final class Replacement {
    private static final String NEW = ".new";

    /** Writes the whole content; asked again from the start if an interrupt has closed the channel. */
    @FunctionalInterface
    public interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    private Replacement() {
    }

    /**
     * Replaces a file by these bytes. See {@link #write(Path, Content)}.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, byte[] content) throws IOException {
        write(file, channel -> writeFully(channel, ByteBuffer.wrap(content)));
    }

    /**
     * Replaces a file, to the end even if the thread is interrupted, whose flag stays set.
     *
     * @throws IOException if the file cannot be written
     */
    public static void write(Path file, Content content) throws IOException {
        // An interrupt would close the channel under the writer.
        boolean interrupted = Thread.interrupted();
        try {
            while (!written(file, content)) {
                interrupted |= Thread.interrupted();
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static boolean written(Path file, Content content) throws IOException {
        Path target = file.toAbsolutePath().normalize();
        Path neighbour = target.resolveSibling(target.getFileName() + NEW);
        boolean moved = false;
        FileChannel channel = FileChannel.open(neighbour, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
        try {
            try (channel) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(neighbour, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            moved = true;
            return true;
        } catch (ClosedChannelException e) {
            // By an interrupt, which threads find out that write for the one interrupted.
            return false;
        } finally {
            if (!moved) {
                delete(neighbour);
            }
        }
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /** Writes bytes to a place, and tells how many. */
    static int writeFully(FileChannel channel, long position, ByteBuffer bytes) throws IOException {
        int count = bytes.remaining();
        while (bytes.hasRemaining()) {
            channel.write(bytes, position + count - bytes.remaining());
        }
        return count;
    }

    private static void delete(Path neighbour) {
        try {
            Files.deleteIfExists(neighbour);
        } catch (IOException e) {
            // The failure that brought us here is the one to report; the next writing overwrites a leftover.
        }
    }
}
