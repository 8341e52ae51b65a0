package org.einscale.sharding.device;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** What came of a job: an answer, and files that can be asked for by their places in the list. */
record Outcome(String answer, List<Item> files) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A file's name, length and SHA-256. */
    record Item(String name, long bytes, String hash) {
        static Item of(Parcel parcel) {
            return new Item(String.valueOf(parcel.file().getFileName()), parcel.bytes(), parcel.hash());
        }

        /** The same file in a folder here. */
        Parcel in(Path folder) {
            Path file = folder.resolve(name).normalize();
            if (!folder.normalize().equals(file.getParent())) {
                throw new IllegalStateException("'" + name + "' is no name of a file");
            }
            return new Parcel(file, bytes, hash);
        }
    }

    byte[] text() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JacksonException e) {
            throw new IllegalStateException(e);
        }
    }

    static Outcome parse(byte[] text) {
        try {
            return JSON.readValue(new String(text, StandardCharsets.UTF_8), Outcome.class);
        } catch (JacksonException e) {
            throw new IllegalStateException("its answer makes no sense: " + e.getOriginalMessage(), e);
        }
    }
}
