package org.einscale.scaling.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.einscale.scaling.ScalingException;

/** Keeps two runs from writing to one folder at once. The system lets go of it when the process ends, however it ends. */
public final class FolderLock implements AutoCloseable {
    /** The file in the folder that is held. It stays there. */
    public static final String FILE = ".einscale.lock";

    private final Path folder;
    private final FileChannel channel;

    private FolderLock(Path folder, FileChannel channel) {
        this.folder = folder;
        this.channel = channel;
    }

    /**
     * Takes the lock of a folder, which is made if there is none; nothing if another holds it, of this process or another.
     *
     * @throws IOException if the folder cannot be written
     */
    public static Optional<FolderLock> tryTake(Path folder) throws IOException {
        Files.createDirectories(folder);
        FileChannel channel = FileChannel.open(folder.resolve(FILE), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        boolean held = false;
        try {
            held = channel.tryLock() != null;
            return held ? Optional.of(new FolderLock(folder, channel)) : Optional.empty();
        } catch (OverlappingFileLockException byThisProcess) {
            return Optional.empty();
        } finally {
            if (!held) {
                channel.close();
            }
        }
    }

    /**
     * Takes the lock of a folder, which is made if there is none.
     *
     * @throws ScalingException if another holds it, or the folder cannot be written
     */
    public static FolderLock take(Path folder) {
        try {
            return tryTake(folder).orElseThrow(() -> new ScalingException(
                    "another sweep is running in " + folder + ": wait for it or choose another folder"));
        } catch (IOException e) {
            throw new ScalingException("cannot write " + folder + ": " + AtomicFile.reason(e), e);
        }
    }

    public Path folder() {
        return folder;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
