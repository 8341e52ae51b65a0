package org.einscale.experiments.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.einscale.experiments.RunFailed;
import org.einscale.experiments.UserError;

/** Makes a private key with its own certificate, which nodes that have the same file know one another by. */
public final class NewSecret {
    private static final int DAYS = 3650;
    private static final String PASSWORD = "EINSCALE_NEW_SECRET";

    private NewSecret() {
    }

    /**
     * Writes the file, by the JDK's keytool.
     *
     * @throws UserError
     *             if there is such a file
     */
    public static void write(Path file, String password) {
        if (Files.exists(file)) {
            throw new UserError(file + " is there already; expected the name of a new file");
        }
        try {
            ProcessBuilder keytool = new ProcessBuilder(
                    Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                    "-genkeypair", "-alias", "einscale", "-keyalg", "EC", "-groupname", "secp256r1", "-dname",
                    "CN=einscale",
                    "-validity", String.valueOf(DAYS), "-storetype", "PKCS12", "-storepass:env", PASSWORD, "-keystore",
                    file.toString()).redirectErrorStream(true);
            keytool.environment().put(PASSWORD, password);
            Process process = keytool.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0) {
                throw new RunFailed(file + ": cannot be made: " + said);
            }
            if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            }
        } catch (IOException e) {
            throw new RunFailed(file + ": cannot be made: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RunFailed(file + ": interrupted", e);
        }
    }
}
