package org.einscale.experiments.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTest {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final AtomicLong clock = new AtomicLong();

    @Test
    void withoutATerminalALineIsPrintedEveryTenSecondsAndAtTheEnd() {
        try (ProgressDisplay progress = progress(0)) {
            ProgressLine line = progress.start("d32", 200);
            report(line, 0, 5);
            report(line, 50, 10);
            report(line, 60, 12);
            report(line, 100, 20);
            line.end("loss 2.5");
        }

        assertThat(written()).isEqualTo("""
                d32: step 50/200 (25%)  loss 3.2500  12.5k tokens/s  ETA 0:15
                d32: step 100/200 (50%)  loss 3.2500  12.5k tokens/s  ETA 0:15
                d32: loss 2.5
                """);
    }

    @Test
    void aResumedTrialIsTimedFromWhereItStarted() {
        try (ProgressDisplay progress = progress(0)) {
            ProgressLine line = progress.start("d32", 200);
            report(line, 100, 1);
            report(line, 110, 11);
        }

        assertThat(written()).isEqualTo("d32: step 110/200 (55%)  loss 3.2500  12.5k tokens/s  ETA 1:30\n");
    }

    @Test
    void onATerminalEveryRunningTrialHasOneLineRedrawnInPlace() {
        try (ProgressDisplay progress = progress(60)) {
            ProgressLine small = progress.start("d8", 10);
            ProgressLine large = progress.start("d128", 1000);
            report(small, 5, 1);
            report(large, 100, 2);
            small.end("done");
        }

        String up = "\r\u001b[2K\u001b[1A";
        assertThat(written()).isEqualTo("""
                d8   [########---------]  5/10  loss 3.2500  12.5k tokens/s
                d128 [--------------------]    0/1000
                """ + up + up + "\r\u001b[2K" + """
                d8   [########---------]  5/10  loss 3.2500  12.5k tokens/s
                d128 [#------------]  100/1000  loss 3.2500  12.5k tokens/s
                """ + up + up + "\r\u001b[2K" + """
                d8: done
                d128 [#------------]  100/1000  loss 3.2500  12.5k tokens/s
                """ + up + "\r\u001b[2K");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 24, 40, 80, 200})
    void everyRedrawFitsTheTerminal(int columns) {
        try (ProgressDisplay progress = progress(columns)) {
            ProgressLine line = progress.start("a-rather-long-name", 1000);
            report(line, 1, 1);
            report(line, 999, 2);
        }

        assertThat(written().replaceAll("\r|\u001b\\[\\d[KA]", "").lines())
                .allMatch(drawn -> drawn.length() < columns);
    }

    @Test
    void aTerminalThatCannotRedrawGetsPlainLines() {
        assertThat(Terminal.isPlain(Map.of("TERM", "xterm"))).isFalse();
        assertThat(Terminal.isPlain(Map.of("TERM", "dumb"))).isTrue();
        assertThat(Terminal.isPlain(Map.of())).isTrue();
        assertThat(Terminal.isPlain(Map.of("TERM", "xterm", "NO_COLOR", "1"))).isTrue();
        assertThat(Terminal.isPlain(Map.of("TERM", "xterm", "CI", "true"))).isTrue();
    }

    @Test
    void reportsFromManyThreadsAllArrive() throws InterruptedException {
        ProgressDisplay progress = progress(0);
        Thread[] threads = new Thread[8];
        for (int i = 0; i < threads.length; i++) {
            String name = "trial" + i;
            threads[i] = Thread.ofPlatform().start(() -> progress.start(name, 1).end("done"));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        progress.close();

        assertThat(written().lines()).hasSize(8).allMatch(line -> line.matches("trial\\d: done"));
    }

    private ProgressDisplay progress(int columns) {
        return new ProgressDisplay(new PrintStream(written, true, StandardCharsets.UTF_8), columns, clock::get);
    }

    private void report(ProgressLine line, long step, int second) {
        clock.set(Duration.ofSeconds(second).toNanos());
        line.update(step, 3.25, 12_500);
    }

    private String written() {
        return written.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
    }
}
