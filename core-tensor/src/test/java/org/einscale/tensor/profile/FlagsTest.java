package org.einscale.tensor.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlagsTest {
    private static final Optional<Path> JAR = Optional.of(Path.of("lib", "core-tensor.jar"));

    @Test
    void whatIsMissingIsSaidInOneLine() {
        assertThat(Flags.missing(true, true, JAR)).isEmpty();
        assertThat(Flags.missing(false, false, JAR)).hasValue("einscale: plain kernels compute, many times slower than"
                + " those with vectors; add to the java command: --add-modules=jdk.incubator.vector"
                + " -XX:CompileCommandFile=META-INF/einscale/compiler.commands (from: jar xf \""
                + Path.of("lib", "core-tensor.jar") + "\" META-INF/einscale/compiler.commands);"
                + " -Deinscale.flags=quiet silences this");
        assertThat(Flags.missing(false, true, JAR)).hasValueSatisfying(
                line -> assertThat(line).contains("jdk.incubator.vector").doesNotContain("CompileCommandFile"));
        assertThat(Flags.missing(true, false, Optional.empty())).hasValueSatisfying(
                line -> assertThat(line).contains("jar xf \"core-tensor.jar\"").doesNotContain("jdk.incubator.vector"));
    }

    @Test
    void theFileIsNamedWhereThereIsOne(@TempDir Path classes) {
        assertThat(Flags.missing(true, false, Optional.of(classes))).hasValueSatisfying(line -> assertThat(line)
                .contains("-XX:CompileCommandFile=" + classes.resolve("META-INF/einscale/compiler.commands") + ";"));
    }

    /** The JVM passes over names that it does not know. */
    @Test
    void theCommandsNameClassesThatThereAre() throws IOException, ClassNotFoundException {
        String commands;
        try (InputStream file = Flags.class.getResourceAsStream("/META-INF/einscale/compiler.commands")) {
            commands = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> names = Pattern.compile("^\\w+,([\\w.]+)::", Pattern.MULTILINE).matcher(commands).results()
                .map(match -> match.group(1)).toList();
        assertThat(names).isNotEmpty();
        for (String name : names) {
            assertThat(Class.forName(name, false, Flags.class.getClassLoader())).hasToString("class " + name);
        }
    }
}
