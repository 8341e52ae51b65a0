package org.einscale.experiments.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.UncheckedIOException;

/** Reports for other programs to read. */
final class Json {
    private Json() {
    }

    /** A record as an object with its components, in lines that end with a line separator. */
    static String text(Record report) {
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report)
                    + System.lineSeparator();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }
}
