package demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.einscale.einsum.Einsum;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program in JVMs with flags and without. */
class ProgramTest {
    private static final String VALUES = """
            product [4.0, 5.0, 10.0, 11.0]
            transposed [4.0, 10.0, 5.0, 11.0]
            gradients [1.0, 1.0, 2.0, 1.0, 1.0, 2.0] [5.0, 5.0, 7.0, 7.0, 9.0, 9.0]
            bound [4.0, 5.0, 10.0, 11.0]
            maximum [4.0, 5.0, 6.0]
            mean [2.0, 5.0]
            log of 8 [2.0794]
            from [80.0]
            to [80.0]
            """;
    private static final String VECTORS = "--add-modules=jdk.incubator.vector";

    @TempDir
    private Path folder;

    @Test
    void withoutFlagsItComputesTheSameAndSaysWhatToAdd() throws Exception {
        List<String> lines = run();
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.getFirst().contains(VECTORS + " -XX:CompileCommandFile="), lines::toString);
        assertTrue(lines.getFirst().contains("core-tensor-"), lines::toString);
    }

    @Test
    void withoutTheCompilersCommandsItSaysSo() throws Exception {
        List<String> lines = run(VECTORS);
        assertEquals(1, lines.size(), lines::toString);
        assertTrue(lines.getFirst().contains("-XX:CompileCommandFile="), lines::toString);
    }

    @Test
    void withAllFlagsItSaysNothing() throws Exception {
        Path commands = folder.resolve("compiler.commands");
        try (InputStream packaged = Einsum.class.getResourceAsStream("/META-INF/einscale/compiler.commands")) {
            Files.write(commands, packaged.readAllBytes());
        }
        assertEquals(List.of(), run(VECTORS, "--enable-native-access=ALL-UNNAMED",
                "-XX:CompileCommandFile=" + commands));
    }

    @Test
    void orWhenItIsToldTo() throws Exception {
        assertEquals(List.of(), run("-Deinscale.flags=quiet"));
    }

    /** Runs the program, checks what it computes, and returns what Einscale says. */
    private List<String> run(String... flags) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx1g"));
        command.addAll(List.of(flags));
        command.addAll(List.of("-cp", System.getProperty("surefire.test.class.path",
                System.getProperty("java.class.path")), Program.class.getName()));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile()).start();
        int code = process.waitFor();
        String said = Files.readString(err, StandardCharsets.UTF_8);
        assertEquals(0, code, said);
        assertEquals(VALUES + VALUES, Files.readString(out, StandardCharsets.UTF_8).replace("\r\n", "\n"), said);
        return said.lines().filter(line -> line.startsWith("einscale:")).toList();
    }
}
