package org.einscale.experiments;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** Einscale with trials that never get beyond their first evaluation, which is logged by the thread that trains. */
final class HeldSweep {
    private HeldSweep() {
    }

    /**
     * Runs Einscale.
     *
     * @param arguments a file that is made when a trial is held, then the arguments of Einscale
     */
    public static void main(String[] arguments) {
        LoggerContext logging = (LoggerContext) LoggerFactory.getILoggerFactory();
        logging.addTurboFilter(new Hold(Path.of(arguments[0])));
        Main.main(Arrays.copyOfRange(arguments, 1, arguments.length));
    }

    private static final class Hold extends TurboFilter {
        private final Path sign;

        Hold(Path sign) {
            this.sign = sign;
        }

        @Override
        public FilterReply decide(@Nullable Marker marker, Logger logger, Level level, @Nullable String format,
                Object @Nullable [] values, @Nullable Throwable thrown) {
            if (format != null && format.contains("validation loss")) {
                try {
                    Files.createFile(sign);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                while (true) {
                    LockSupport.park(this);
                }
            }
            return FilterReply.NEUTRAL;
        }
    }
}
