package org.einscale.experiments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** {@code provenance.json}: the provenance of each start of a run, the first one first. */
final class ProvenanceFile {
    static final String NAME = "provenance.json";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path file;

    ProvenanceFile(Path folder) {
        this.file = folder.resolve(NAME);
    }

    Path file() {
        return file;
    }

    /** The first start, or nothing if there is no such file or someone else's. */
    Optional<JsonNode> first() throws IOException {
        JsonNode first = starts().path(0);
        return first.has("einscale") ? Optional.of(first) : Optional.empty();
    }

    /** All starts, none if there is no such file or someone else's. */
    List<JsonNode> all() throws IOException {
        return first().isEmpty() ? List.of() : List.copyOf(starts().valueStream().toList());
    }

    /** The file's content with one more start. */
    String with(Provenance provenance) throws IOException {
        return content(starts().add(start(provenance)));
    }

    /** The content of a file with this start alone. */
    String startingWith(Provenance provenance) throws IOException {
        return content(JSON.createArrayNode().add(start(provenance)));
    }

    private static String content(ArrayNode starts) throws IOException {
        ObjectNode document = JSON.createObjectNode();
        document.set("starts", starts);
        return JSON.writeValueAsString(document) + "\n";
    }

    private ArrayNode starts() throws IOException {
        if (Files.isRegularFile(file)) {
            try {
                if (JSON.readTree(file.toFile()).path("starts") instanceof ArrayNode starts) {
                    return starts;
                }
            } catch (JsonProcessingException notJson) {
                return JSON.createArrayNode();
            }
        }
        return JSON.createArrayNode();
    }

    private static ObjectNode start(Provenance provenance) {
        ObjectNode start = JSON.createObjectNode();
        start.put("started", provenance.started().toString());
        start.put("command", provenance.command());
        start.set("commandLine", JSON.valueToTree(provenance.commandLine()));
        start.set("overrides", JSON.valueToTree(provenance.overrides()));
        start.put("seed", provenance.seed());
        start.put("dataChecksum", provenance.dataChecksum());
        start.put("einscale", provenance.version());
        start.put("commit", provenance.commit());
        start.put("dirty", provenance.dirty());
        start.put("diff", provenance.diff());
        start.put("jdk", provenance.jdk());
        start.put("os", provenance.os());
        start.put("cpu", provenance.cpu());
        start.put("cores", provenance.cores());
        return start;
    }
}
