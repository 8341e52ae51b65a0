package org.einscale.scaling.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.AtomicFile;

/** {@code result.json}: one row of {@link RunTable} in a file of its own, keyed by column; null where the table has an empty cell. */
public final class RunFile {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final Set<RunColumn> TEXTS = EnumSet.of(RunColumn.TRIAL, RunColumn.STATUS, RunColumn.FAILURE);

    private RunFile() {
    }

    /**
     * Replaces a file by this row.
     *
     * @throws ScalingException where it cannot be written; the old file is then untouched
     */
    public static void write(Path file, Run run) {
        ObjectNode node = JSON.createObjectNode();
        try {
            for (RunColumn column : RunColumn.values()) {
                String cell = column.cell(run);
                if (TEXTS.contains(column)) {
                    node.put(column.column(), cell);
                } else {
                    node.set(column.column(), JSON.readTree(cell.isEmpty() ? "null" : cell));
                }
            }
            AtomicFile.write(file, JSON.writeValueAsString(node) + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads a row.
     *
     * @throws ScalingException where the file is missing or holds anything else
     */
    public static Run read(Path file) {
        try {
            JsonNode node = JSON.readTree(AtomicFile.read(file));
            List<String> cells = Arrays.stream(RunColumn.values()).map(column -> node.path(column.column()).asText(""))
                    .toList();
            return RunTable.run(new Csv(file, RunTable.HEADER, List.of()), new Csv.Row(1, cells));
        } catch (JsonProcessingException e) {
            throw new ScalingException(file + " is no result of a trial; without the file the trial runs again", e);
        }
    }
}
