package org.einscale.tensor.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.einscale.tensor.profile.Caches;

/** What the operating system tells of the processor. */
final class Processor {
    private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final int MOST_CACHES = 8;

    private Processor() {
    }

    /** Its name, or else that of the architecture. */
    static String name() {
        Optional<String> model = linux("model name");
        String family = linux("cpu family").map(number -> ", family " + number).orElse("");
        return model.map(name -> name + family)
                .or(() -> Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER")))
                .orElse(System.getProperty("os.arch"));
    }

    private static Optional<String> linux(String key) {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith(key)).map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Its caches, typical ones where the operating system does not tell. */
    static Caches caches(Caches typical) {
        return new Caches(cache(1).orElse(typical.first()), cache(2).orElse(typical.second()));
    }

    private static Optional<Long> cache(int level) {
        return IntStream.range(0, MOST_CACHES).mapToObj(i -> CACHES.resolve("index" + i))
                .filter(folder -> read(folder.resolve("level")).equals(Integer.toString(level))
                        && List.of("Data", "Unified").contains(read(folder.resolve("type"))))
                .map(folder -> read(folder.resolve("size"))).filter(size -> size.matches("[1-9][0-9]{0,6}K"))
                .map(size -> Long.parseLong(size.substring(0, size.length() - 1)) << 10).findFirst();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
