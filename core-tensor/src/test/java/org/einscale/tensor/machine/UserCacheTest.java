package org.einscale.tensor.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.einscale.tensor.profile.Profile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UserCacheTest {
    private static final Path HOME = Path.of("home").toAbsolutePath();
    @TempDir
    private Path folder = Path.of("");

    @Test
    void isWhereTheSystemKeepsCaches() {
        Path told = Path.of("told").toAbsolutePath();
        assertThat(UserCache.folder("Linux", HOME, _ -> null)).isEqualTo(HOME.resolve(".cache"));
        assertThat(UserCache.folder("Mac OS X", HOME, _ -> null)).isEqualTo(HOME.resolve("Library/Caches"));
        assertThat(UserCache.folder("Linux", HOME, Map.of("XDG_CACHE_HOME", told.toString())::get)).isEqualTo(told);
        assertThat(UserCache.folder("Windows 11", HOME, Map.of("LOCALAPPDATA", told.toString())::get)).isEqualTo(told);
        assertThat(UserCache.folder("Linux", HOME, Map.of("XDG_CACHE_HOME", "relative")::get))
                .isEqualTo(HOME.resolve(".cache"));
    }

    @Test
    void hasAFileForEachProcessorAndKindOfVectorsAndJvm() {
        UserCache cache = new UserCache(folder);
        assertThat(new Path[]{cache.file("a", Profile.BITS_256, "25"), cache.file("b", Profile.BITS_256, "25"),
            cache.file("a", Profile.BITS_512, "25"), cache.file("a", Profile.BITS_256, "26")}).doesNotHaveDuplicates();
    }

    @Test
    void keepsProfilesAndForgetsDamagedOnes() throws java.io.IOException {
        Path file = folder.resolve("new/machine.json");
        assertThat(UserCache.read(file)).isEmpty();
        UserCache.write(file, Profile.BITS_256);
        assertThat(UserCache.read(file)).contains(Profile.BITS_256);
        java.nio.file.Files.writeString(file, "{");
        assertThat(UserCache.read(file)).isEmpty();
    }
}
