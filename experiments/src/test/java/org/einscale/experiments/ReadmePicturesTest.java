package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code bin/figures} makes every picture that a README shows. */
class ReadmePicturesTest {
    private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern PICTURE = Pattern.compile("!\\[[^]]*]\\(([^)]+)\\)");

    /** As paths within the checkout. */
    private static List<String> pictures() throws IOException {
        List<String> pictures = new ArrayList<>();
        try (Stream<Path> folders = Files.walk(CHECKOUT, 1)) {
            for (Path readme : folders.map(folder -> folder.resolve("README.md")).filter(Files::exists).toList()) {
                PICTURE.matcher(Files.readString(readme)).results()
                        .map(picture -> CHECKOUT.relativize(readme.resolveSibling(picture.group(1)).normalize()))
                        .forEach(picture -> pictures.add(picture.toString().replace('\\', '/')));
            }
        }
        return pictures;
    }

    @Test
    void everyPictureIsThereAndIsMadeByTheScript() throws IOException {
        String script = Files.readString(Path.of("bin/figures"));
        assertThat(pictures()).hasSizeGreaterThan(5).allSatisfy(picture -> {
            assertThat(CHECKOUT.resolve(picture)).exists();
            assertThat(script).contains(picture);
        });
    }

    @Test
    void everyExperimentOfTheScriptIsThere() throws IOException {
        assertThat(Pattern.compile("experiments/configs/\\S+\\.conf")
                .matcher(Files.readString(Path.of("bin/figures"))).results().map(MatchResult::group))
                .isNotEmpty().allSatisfy(config -> assertThat(CHECKOUT.resolve(config)).exists());
    }
}
