package org.einscale.experiments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The launcher in a checkout of its own, whose JDKs and Maven are scripts that say how they were called. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    @TempDir
    private Path temporary = Path.of("");
    private Path launcher = Path.of("");

    @BeforeEach
    void layOutCheckout() throws IOException {
        Path bin = Files.createDirectories(temporary.resolve("check out/experiments/bin"));
        // The folders of the machine that the test runs on do not count.
        String script = Files.readString(Path.of("bin/einscale")).replace("/usr/lib/jvm/", temporary + "/jvm/")
                .replace("/Library/Java/", temporary + "/none/").replace("/opt/java/", temporary + "/none/");
        launcher = executable(bin.resolve("einscale"), script);
    }

    @Test
    void withoutAJdkItSaysWhereItLookedAndWhatToDo() throws IOException, InterruptedException {
        Path old = jdk("old", "21.0.2");

        Result result = launch(Map.of("JAVA_HOME", old.toString(), "EINSCALE_JAVA_HOME", "/nowhere"));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("needs a JDK of release 25 or newer and found none",
                "EINSCALE_JAVA_HOME=/nowhere (no JDK there)", "JAVA_HOME=" + old + " (release 21)",
                "export EINSCALE_JAVA_HOME=/path/to/jdk-25");
    }

    @Test
    void itBuildsOnceAndThenOnlyStarts() throws IOException, InterruptedException {
        Path jdk = jdk("my jdk", "25.0.1");
        Path target = launcher.resolveSibling("../target").normalize();
        Path maven = maven("mkdir -p '" + target + "'; : >'" + target + "/classpath'; : >'" + target
                + "/experiments.jar'; echo built >>'" + temporary + "/builds'");
        Map<String, String> environment = Map.of("EINSCALE_JAVA_HOME", jdk.toString(), "PATH",
                maven + ":/usr/bin:/bin");

        Result first = launch(environment, "fit", "a b.csv");
        Result second = launch(environment, "--help");

        assertThat(first.err()).contains("first use, building").endsWith("done\n");
        assertThat(first.out()).startsWith("25.0.1 ").endsWith(" org.einscale.experiments.Main fit a b.csv\n");
        assertThat(first.exitCode()).isZero();
        assertThat(second.err()).isEmpty();
        assertThat(second.out()).endsWith(" org.einscale.experiments.Main --help\n");
        assertThat(temporary.resolve("builds")).hasContent("built\n");
    }

    @Test
    void aFailedBuildNamesItsLog() throws IOException, InterruptedException {
        Path jdk = jdk("jdk", "26");
        Path maven = maven("echo '[ERROR] no such goal'; exit 1");

        Result result = launch(Map.of("JAVA_HOME", jdk.toString(), "PATH", maven + ":/usr/bin:/bin"));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("building", "failed", "[ERROR] no such goal",
                "its whole output is in ", "experiments/target/build.log");
    }

    @Test
    void theUsualFoldersAreSearchedWhenTheEnvironmentHasNoneThatFits() throws IOException, InterruptedException {
        Files.createDirectories(temporary.resolve("jvm"));
        jdk("jvm/a", "17.0.9");
        jdk("jvm/b", "25.0.2");
        Path maven = maven("echo \"$JAVA_HOME\" >'" + temporary + "/builds'; exit 1");

        launch(Map.of("JAVA_HOME", jdk("old", "1.8.0_392").toString(), "PATH", maven + ":/usr/bin:/bin"));

        assertThat(temporary.resolve("builds")).hasContent(temporary.resolve("jvm/b") + "\n");
    }

    @ParameterizedTest
    @CsvSource({"LANG,''", "LANG,C", "LC_ALL,POSIX", "LANG,xx_XX.UTF-8"})
    void withoutALocaleTextIsUtf8(String variable, String locale) throws IOException, InterruptedException {
        assertThat(launchBuilt(Map.of(variable, locale)).out()).contains(" LC_ALL=C.UTF-8 ");
    }

    @Test
    void aLocaleThatKnowsMoreThanAsciiIsLeftAlone() throws IOException, InterruptedException {
        assertThat(launchBuilt(Map.of("LANG", "C.UTF-8")).out()).contains(" LC_ALL= ");
    }

    @Test
    void noModuleIsAddedThatJavaWouldWarnOf() throws IOException, InterruptedException {
        assertThat(launchBuilt(Map.of(), "train", "a.conf").out()).doesNotContain("--add-modules");
    }

    @ParameterizedTest
    @CsvSource({"40,'',40", "132,'',132", "0,'',80", "100,60,60", "100,wide,80"})
    void theWidthIsThatOfTheTerminalUnlessColumnsSaysAnother(int terminal, String columns, int width)
            throws IOException, InterruptedException {
        assumeThat(Path.of("/usr/bin/script")).exists();
        build();
        String inTerminal = "stty cols " + terminal + "; COLUMNS=" + columns + " '" + launcher + "' --help >'"
                + temporary
                + "/told'";
        run(Map.of("EINSCALE_JAVA_HOME", temporary.resolve("jdk").toString()), List.of("/usr/bin/script", "-qec",
                inTerminal, "/dev/null"));
        assertThat(temporary.resolve("told")).content().contains(" -Deinscale.columns=" + width + " ");
        assertThat(launchBuilt(Map.of()).out()).contains(" -Deinscale.columns=0 ");
    }

    @Test
    void whoMayNotWriteThereIsToldWhatToDo() throws IOException, InterruptedException {
        Path experiments = launcher.resolveSibling("..").normalize();
        Files.setPosixFilePermissions(experiments, PosixFilePermissions.fromString("r-xr-xr-x"));
        assumeThat(Files.isWritable(experiments)).as("root may write anywhere").isFalse();
        Result result = launch(Map.of("EINSCALE_JAVA_HOME", jdk("jdk", "25").toString(), "PATH",
                maven("") + ":/usr/bin:/bin"), "fit");
        Files.setPosixFilePermissions(experiments, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("may not write there; work in a copy: git clone ").hasLineCount(1);
    }

    /** A launch of what needs no building. */
    private Result launchBuilt(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        build();
        Map<String, String> all = new HashMap<>(environment);
        all.put("EINSCALE_JAVA_HOME", temporary.resolve("jdk").toString());
        return launch(all, arguments);
    }

    private void build() throws IOException {
        jdk("jdk", "25");
        Path target = Files.createDirectories(launcher.resolveSibling("../target").normalize());
        for (String file : List.of("experiments.jar", "classpath", "einscale.stamp")) {
            Files.writeString(target.resolve(file), "");
        }
    }

    private record Result(int exitCode, String out, String err) {}

    private Result launch(Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        return run(environment, Stream.concat(Stream.of(launcher.toString()), Stream.of(arguments)).toList());
    }

    private Result run(Map<String, String> environment, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().clear();
        builder.environment().putAll(Map.of("PATH", "/usr/bin:/bin", "HOME", temporary.toString()));
        builder.environment().putAll(environment);
        Path out = temporary.resolve("out");
        Path err = temporary.resolve("err");
        Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private Path jdk(String name, String version) throws IOException {
        Path home = Files.createDirectories(temporary.resolve(name));
        Path bin = Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        executable(bin.resolve("java"), "#!/bin/sh\necho " + version + " \"LC_ALL=${LC_ALL:-}\" \"$@\"\n");
        executable(bin.resolve("javac"), "#!/bin/sh\n");
        return home;
    }

    private Path maven(String script) throws IOException {
        Path bin = Files.createDirectories(temporary.resolve("maven"));
        executable(bin.resolve("mvn"), "#!/bin/sh\n" + script + "\n");
        return bin;
    }

    private static Path executable(Path file, String content) throws IOException {
        Files.writeString(file, content, StandardCharsets.UTF_8);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
