package org.einscale.trainer.text;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.einscale.tensor.file.Replacement;

/**
 * Tokenizers as JSON files: {@code {"kind": "bytes"}} or {@code {"kind": "byte-pair", "pieces": "...", "merges":
 * [[left, right], ...]}}.
 */
public final class TokenizerFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BYTES = "bytes";
    private static final String BYTE_PAIR = "byte-pair";

    private TokenizerFile() {
    }

    /**
     * Writes a tokenizer. The file appears whole or not at all, and an older one is replaced only by a whole one.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public static void save(Tokenizer tokenizer, Path file) {
        Path folder = file.toAbsolutePath().getParent();
        try {
            Replacement.write(file, bytes(tokenizer));
        } catch (IOException e) {
            String why = e instanceof NoSuchFileException ? "there is no folder " + folder : e.getMessage();
            throw new UncheckedIOException("cannot write the tokenizer %s: %s".formatted(file, why), e);
        }
    }

    /** What the file of a tokenizer holds. */
    public static byte[] bytes(Tokenizer tokenizer) {
        ObjectNode root = JSON.createObjectNode();
        switch (tokenizer) {
            case ByteTokenizer bytes -> root.put("kind", BYTES);
            case BytePair bytePair -> {
                root.put("kind", BYTE_PAIR).put("pieces", Pieces.PATTERN);
                ArrayNode merges = root.putArray("merges");
                bytePair.merges().forEach(merge -> merges.addArray().add(merge.left()).add(merge.right()));
            }
        }
        try {
            return JSON.writeValueAsBytes(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The tokenizer that a file's content stands for.
     *
     * @throws IllegalArgumentException if it does not hold a tokenizer
     */
    public static Tokenizer parse(byte[] content) {
        try {
            return read(JSON.readTree(content));
        } catch (IOException e) {
            throw new IllegalArgumentException("it is not JSON, " + e.getMessage(), e);
        }
    }

    /**
     * Reads a tokenizer.
     *
     * @throws IllegalArgumentException if the file is missing or does not hold a tokenizer
     */
    public static Tokenizer load(Path file) {
        try {
            return read(JSON.readTree(Files.readAllBytes(file)));
        } catch (JsonProcessingException e) {
            throw broken(file, "it is not JSON, " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new IllegalArgumentException(TextFiles.unreadable(file, e), e);
        } catch (IllegalArgumentException e) {
            throw broken(file, String.valueOf(e.getMessage()), e);
        }
    }

    private static IllegalArgumentException broken(Path file, String why, Exception cause) {
        return new IllegalArgumentException("%s does not hold a tokenizer: %s".formatted(file, why), cause);
    }

    private static Tokenizer read(JsonNode root) {
        String kind = root.path("kind").asText();
        return switch (kind) {
            case BYTES -> new ByteTokenizer();
            case BYTE_PAIR -> bytePair(root);
            default -> throw new IllegalArgumentException(
                    "its kind is '%s', expected '%s' or '%s'".formatted(kind, BYTES, BYTE_PAIR));
        };
    }

    private static BytePair bytePair(JsonNode root) {
        if (!root.path("pieces").asText().equals(Pieces.PATTERN)) {
            throw new IllegalArgumentException("it was trained on pieces cut by '%s', this version cuts by '%s'"
                    .formatted(root.path("pieces").asText(), Pieces.PATTERN));
        }
        List<BytePair.Merge> merges = new ArrayList<>();
        for (JsonNode merge : root.path("merges")) {
            if (merge.size() != 2 || !merge.path(0).isInt() || !merge.path(1).isInt()) {
                throw new IllegalArgumentException(
                        String.format(Locale.ROOT, "merge %d is %s, expected two token numbers", merges.size(), merge));
            }
            merges.add(new BytePair.Merge(merge.path(0).intValue(), merge.path(1).intValue()));
        }
        return new BytePair(merges);
    }
}
