package org.einscale.experiments.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.einscale.experiments.Failure;
import org.einscale.experiments.RunFailed;
import org.einscale.experiments.UserError;
import org.einscale.scaling.file.FolderLock;
import picocli.CommandLine.Option;

/** Whether a run waits for another in its folder, to go on where that ends or is killed. */
final class StandbyOption {
    private static final long PAUSE_MILLIS = 500;

    @Option(names = "--standby", description = "If another einscale is running in the folder, wait, and go on from its last checkpoint if it ends or is killed before the run is over.")
    private boolean standby;

    /** Waits for its turn if that is asked for. */
    void await(Path folder, PrintWriter err) {
        if (!standby || !Files.exists(folder.resolve(FolderLock.FILE))) {
            return;
        }
        try {
            boolean told = false;
            for (Optional<FolderLock> lock = FolderLock.tryTake(folder); true; lock = FolderLock.tryTake(folder)) {
                if (lock.isPresent()) {
                    lock.get().close();
                    return;
                }
                if (!told) {
                    err.println("einscale: " + folder + ": another einscale is running there; standing by");
                    told = true;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (IOException e) {
            throw new UserError(folder + ": " + Failure.describe(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailed("interrupted while standing by");
        }
    }
}
