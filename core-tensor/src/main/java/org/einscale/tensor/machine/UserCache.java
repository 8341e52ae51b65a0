package org.einscale.tensor.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.einscale.tensor.profile.Profile;
import org.jspecify.annotations.Nullable;

/** Where the user keeps what programs can make again, for profiles of this machine. */
final class UserCache {
    private static final String FOLDER = "einscale";

    private final Path folder;

    UserCache(Path folder) {
        this.folder = folder;
    }

    /** The folder that the operating system has for this. */
    static UserCache ofUser() {
        return new UserCache(folder(System.getProperty("os.name"), Path.of(System.getProperty("user.home")),
                UserCache::environment).resolve(FOLDER));
    }

    private static @Nullable String environment(String name) {
        return System.getenv(name);
    }

    static Path folder(String system, Path home, UnaryOperator<@Nullable String> environment) {
        String name = system.toLowerCase(Locale.ROOT);
        String variable = name.startsWith("windows") ? "LOCALAPPDATA" : "XDG_CACHE_HOME";
        String told = environment.apply(variable);
        if (told != null && Path.of(told).isAbsolute()) {
            return Path.of(told);
        }
        return home.resolve(name.startsWith("mac") ? "Library/Caches" : ".cache");
    }

    /**
     * Where the profile of a processor belongs: one for each kind of vectors and each JVM, as these change its rates.
     *
     * @param typical
     *            what to expect of the processor
     */
    Path file(String processor, Profile typical, String jvm) {
        String key = String.join("|", processor, typical.vectors().toString(),
                Boolean.toString(typical.rates().unpackedSgemm() > 0), jvm);
        return folder.resolve("machine-" + Integer.toHexString(key.hashCode()) + ".json");
    }

    /** The profile in a file, if it is one. */
    static Optional<Profile> read(Path file) {
        try {
            return ProfileFile.read(file);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Keeps a profile; where that fails, the machine will be measured again. */
    static void write(Path file, Profile profile) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            ProfileFile.write(file, profile);
        } catch (IOException e) {
            // Nothing is lost but time.
            return;
        }
    }
}
