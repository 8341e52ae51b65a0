package org.einscale.scaling.table;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.file.AtomicFile;
import org.einscale.tensor.Nearest;

/**
 * A CSV file with a line of column names (RFC 4180, UTF-8), and the messages for all that can be wrong with one.
 *
 * @param file where it came from
 * @param header column names
 * @param rows the lines below, each with as many cells as the header
 */
record Csv(Path file, List<String> header, List<Row> rows) {

    /**
     * One row.
     *
     * @param line line in the file, from 1
     * @param cells its cells
     */
    record Row(long line, List<String> cells) {

        String cell(int column) {
            return cells.get(column).strip();
        }
    }

    static Csv read(Path file) {
        String text = AtomicFile.read(file);
        var rows = new ArrayList<Row>();
        // Spreadsheets put a byte order mark before the first column's name.
        for (CsvRecord line : records(file, text.startsWith("\uFEFF") ? text.substring(1) : text)) {
            rows.add(new Row(line.getStartingLineNumber(), List.copyOf(line.getFields())));
        }
        if (rows.isEmpty()) {
            throw new ScalingException(file + " is empty: expected a line of column names and a row for each run");
        }
        List<String> header = rows.removeFirst().cells().stream().map(String::strip).toList();
        return new Csv(file, header, List.copyOf(rows));
    }

    private static List<CsvRecord> records(Path file, String text) {
        try (CsvReader<CsvRecord> reader = CsvReader.builder().ofCsvRecord(text)) {
            return reader.stream().toList();
        } catch (CsvParseException e) {
            throw new ScalingException(file + " is not a well-formed CSV file: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void write(Path file, List<String> header, List<List<String>> rows) {
        var text = new StringWriter();
        // Closing a writer on memory cannot fail, and flushes.
        try (CsvWriter writer = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(text)) {
            writer.writeRecord(header);
            rows.forEach(writer::writeRecord);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        AtomicFile.write(file, text.toString());
    }

    Optional<Integer> findColumn(String name) {
        int column = header.indexOf(name);
        return column < 0 ? Optional.empty() : Optional.of(column);
    }

    int column(String name) {
        return findColumn(name).orElseThrow(
                () -> new ScalingException(String.format("%s has no column '%s'%s; its columns: %s", file, name,
                        Nearest.to(name, header).map(near -> ", did you mean '" + near + "'?").orElse(""),
                        String.join(", ", header))));
    }

    /** The number that a cell holds, if it holds a finite one. */
    static Optional<Double> finite(String cell) {
        try {
            return Optional.of(Double.parseDouble(cell)).filter(Double::isFinite);
        } catch (NumberFormatException text) {
            return Optional.empty();
        }
    }

    double number(Row row, String column) {
        try {
            return Double.parseDouble(row.cell(column(column)));
        } catch (NumberFormatException e) {
            throw notA("number", row, column, e);
        }
    }

    long count(Row row, String column) {
        try {
            return Long.parseLong(row.cell(column(column)));
        } catch (NumberFormatException e) {
            throw notA("whole number", row, column, e);
        }
    }

    private ScalingException notA(String kind, Row row, String column, NumberFormatException cause) {
        String cell = row.cell(column(column));
        return new ScalingException(
                String.format(Locale.ROOT, "%s, line %d: column '%s' must be a %s, found %s", file, row.line(), column,
                        kind,
                        cell.isEmpty() ? "an empty cell" : "'" + cell + "'"),
                cause);
    }
}
