package org.einscale.experiments.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.Set;
import org.einscale.experiments.UserError;
import org.einscale.sharding.wire.Credentials;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** By what nodes know one another. */
final class SecretOption {
    private static final Set<PosixFilePermission> OF_OTHERS = Set.of(PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    @Option(names = "--secret", paramLabel = "FILE", defaultValue = "${env:EINSCALE_SECRET}", description = "What nodes know one another by, the same file on each machine (`einscale node --new-secret FILE` makes one), or a key of this machine's and the certificate of an authority, in PKCS #12. Everything is then encrypted. Default: $EINSCALE_SECRET; without, only processes of this machine are let in.")
    private @Nullable Path file;

    @Option(names = "--secret-password", hidden = true, defaultValue = "${env:EINSCALE_SECRET_PASSWORD:-einscale}")
    private String password = "einscale";

    String password() {
        return password;
    }

    Optional<Credentials> credentials() {
        Path secret = file;
        if (secret == null) {
            return Optional.empty();
        }
        if (!Files.isRegularFile(secret)) {
            throw new UserError("--secret " + secret + ": no such file; `einscale node --new-secret " + secret
                    + "` makes one");
        }
        refuseOpen(secret);
        return Optional.of(Credentials.read(secret, password.toCharArray()));
    }

    private static void refuseOpen(Path secret) {
        try {
            if (Files.getFileStore(secret).supportsFileAttributeView("posix")
                    && Files.getPosixFilePermissions(secret).stream().anyMatch(OF_OTHERS::contains)) {
                throw new UserError("--secret " + secret + ": others can read it; `chmod 600 " + secret + "` hides it");
            }
        } catch (IOException e) {
            throw new UserError("--secret " + secret + ": " + e.getMessage(), e);
        }
    }
}
