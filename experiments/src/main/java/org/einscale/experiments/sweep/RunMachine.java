package org.einscale.experiments.sweep;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.einscale.experiments.UserError;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.machine.ProfileFile;
import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Vectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The machine that a run is planned for: the one that it began on, wherever it goes on. */
final class RunMachine {
    private static final Logger LOG = LoggerFactory.getLogger(RunMachine.class);

    private RunMachine() {
    }

    /**
     * The profile that the run's file holds, or else a new one, which is then put there.
     *
     * @throws UserError
     *             if the profile cannot be read or written
     */
    static Profile of(Path file, Supplier<Profile> machine) {
        try {
            Optional<Profile> recorded = ProfileFile.read(file);
            if (recorded.isPresent()) {
                warnOfAnother(recorded.get());
                return recorded.get();
            }
            Profile profile = machine.get();
            ProfileFile.write(file, profile);
            return profile;
        } catch (IOException failed) {
            throw new UserError(String.valueOf(failed.getMessage()), failed);
        }
    }

    private static void warnOfAnother(Profile recorded) {
        Vectors here = Machine.typical().vectors();
        if (!here.equals(recorded.vectors())) {
            LOG.warn(
                    "the run began on another machine ({}, {}), this one has {}: it goes on with the plans of that one,"
                            + " and its last digits may differ",
                    recorded.processor(), recorded.vectors(), here);
        }
    }
}
