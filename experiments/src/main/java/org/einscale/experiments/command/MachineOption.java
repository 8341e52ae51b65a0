package org.einscale.experiments.command;

import java.io.IOException;
import java.nio.file.Path;
import org.einscale.experiments.UserError;
import org.einscale.tensor.machine.Machine;
import org.einscale.tensor.machine.ProfileFile;
import org.einscale.tensor.profile.Profile;
import picocli.CommandLine.Option;

/** The machine that plans are made for. */
final class MachineOption {
    private static final String MEASURED = "measured";
    private static final String TYPICAL = "typical";

    @Option(names = "--machine", paramLabel = "PROFILE", defaultValue = "${env:EINSCALE_MACHINE:-measured}", description = "What a new run is planned for: measured (this machine, measured once), typical (any with its vectors) or a file written by `einscale machine -o`. A run that goes on keeps the profile that it began with. Default: $EINSCALE_MACHINE, or else measured.")
    private String machine = MEASURED;

    Profile profile() {
        return switch (machine) {
            case TYPICAL -> Machine.typical();
            case MEASURED -> Machine.known().orElseGet(MachineCommand::measure);
            default -> read(Path.of(machine));
        };
    }

    private static Profile read(Path file) {
        try {
            return ProfileFile.read(file).orElseThrow(() -> new UserError("--machine " + file
                    + ": no such file; expected measured, typical, or a file written by `einscale machine -o`"));
        } catch (IOException e) {
            throw new UserError("--machine " + e.getMessage(), e);
        }
    }
}
