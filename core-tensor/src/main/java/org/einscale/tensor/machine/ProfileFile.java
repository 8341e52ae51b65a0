package org.einscale.tensor.machine;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.einscale.tensor.file.Replacement;
import org.einscale.tensor.profile.Profile;

/** A {@link Profile} as a file in JSON. */
public final class ProfileFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES);

    private ProfileFile() {
    }

    /**
     * Writes a profile, in place of one that may be there.
     *
     * @throws IOException
     *             if the file cannot be written
     */
    public static void write(Path file, Profile profile) throws IOException {
        Replacement.write(file, JSON.writeValueAsBytes(profile));
    }

    /**
     * Reads a profile; empty if there is no such file.
     *
     * @throws IOException
     *             if the file cannot be read or holds none, naming it
     */
    public static Optional<Profile> read(Path file) throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readAllBytes(file), Profile.class));
        } catch (JacksonException e) {
            throw new IOException(file + ": not the profile of a machine: " + e.getOriginalMessage()
                    + "; delete it to have the machine measured again", e);
        }
    }

    /** As text. */
    public static String text(Profile profile) {
        try {
            return JSON.writeValueAsString(profile);
        } catch (JacksonException e) {
            throw new IllegalStateException("a profile as JSON", e);
        }
    }
}
