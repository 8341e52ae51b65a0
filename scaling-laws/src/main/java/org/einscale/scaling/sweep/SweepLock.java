package org.einscale.scaling.sweep;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.AtomicFile;
import org.jspecify.annotations.Nullable;

/** Keeps two processes from running one sweep at once. The system lets go of the lock when the process ends, however it ends. */
final class SweepLock implements AutoCloseable {

    private final FileChannel channel;

    private SweepLock(FileChannel channel) {
        this.channel = channel;
    }

    static SweepLock take(Path folder) {
        try {
            Files.createDirectories(folder);
            FileChannel channel = FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new ScalingException(
                        "another sweep is running in " + folder + ": wait for it or choose another folder");
            }
            return new SweepLock(channel);
        } catch (IOException e) {
            throw new ScalingException("cannot write " + folder + ": " + AtomicFile.reason(e), e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was written through this channel, and the end of the process frees the lock.
        }
    }
}
