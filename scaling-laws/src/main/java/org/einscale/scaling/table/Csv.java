package org.einscale.scaling.table;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
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

    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern NOT_FINITE = Pattern.compile("(?i)[+-]?(nan|inf|infinity)");

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
        byte[] content = AtomicFile.bytes(file);
        Foreign.refuse(file, content);
        // Spreadsheets put a byte order mark before the first column's name.
        String text = AtomicFile.text(file, content).replaceFirst("^\uFEFF", "");
        Foreign.refuse(file, text);
        List<CsvRecord> lines = records(file, text);
        if (lines.isEmpty()) {
            throw new ScalingException(file + " is empty: expected a line of column names and a row for each run");
        }
        List<String> header = lines.getFirst().getFields().stream().map(String::strip).toList();
        return new Csv(file, header, lines.stream().skip(1).map(line -> row(file, line, header.size())).toList());
    }

    private static List<CsvRecord> records(Path file, String text) {
        try (CsvReader<CsvRecord> reader = CsvReader.builder().allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE).missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .ofCsvRecord(text)) {
            return reader.stream().toList();
        } catch (CsvParseException e) {
            throw new ScalingException(file + " is not a well-formed CSV file: " + problem(e), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the parser said, in one line, and what it said that of. */
    private static String problem(CsvParseException e) {
        String cause = e.getCause() == null ? "" : ": " + e.getCause().getMessage();
        return (e.getMessage() + cause).replaceAll("\\s+", " ");
    }

    private static Row row(Path file, CsvRecord line, int columns) {
        List<String> cells = line.getFields();
        String place = file + ", line " + line.getStartingLineNumber() + ": ";
        if (cells.stream().anyMatch(cell -> Foreign.swallowsRows(cell, columns))) {
            throw new ScalingException(
                    place + "a quote that opens in this row is closed too late: its cell holds the rows after it");
        }
        if (cells.size() != columns) {
            String hint = cells.getFirst().startsWith("#")
                    ? "; comments ('#') are no part of CSV"
                    : cells.size() > columns
                            ? "; a comma inside a cell, as in 1,000, needs quotes around the cell"
                            : "";
            throw new ScalingException(String.format(Locale.ROOT, "%sfound %d cell(s), expected %d as in the header%s",
                    place, cells.size(), columns, hint));
        }
        return new Row(line.getStartingLineNumber(), List.copyOf(cells));
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
        if (column != header.lastIndexOf(name)) {
            throw new ScalingException(file + " has more than one column '" + name + "'");
        }
        return column < 0 ? Optional.empty() : Optional.of(column);
    }

    /**
     * Refuses a table that lacks a column, naming the nearest one with which the table could be read.
     *
     * @param reading reads the table, or throws if that cannot be done
     */
    void require(List<String> columns, Consumer<Csv> reading) {
        for (String name : columns) {
            if (findColumn(name).isEmpty()) {
                throw new ScalingException(String.format("%s has no column '%s'%s; its columns: %s", file, name,
                        Nearest.to(name, header, near -> !columns.contains(near) && canBeRead(near, name, reading))
                                .map(near -> ", did you mean '" + near + "'?").orElse(""),
                        String.join(", ", header)));
            }
        }
    }

    private boolean canBeRead(String column, String as, Consumer<Csv> reading) {
        try {
            reading.accept(new Csv(file, header.stream().map(name -> name.equals(column) ? as : name).toList(), rows));
            return true;
        } catch (ScalingException refused) {
            return false;
        }
    }

    /** The place of a column that was {@linkplain #require required}. */
    int column(String name) {
        return findColumn(name).orElseThrow();
    }

    /** The number that a cell holds, if it holds a finite one. */
    static Optional<Double> finite(String cell) {
        return number(cell).filter(Double::isFinite);
    }

    /** A number in decimals; Java itself would read {@code 10d} and {@code 0x1p4} too, which are slips in a table. */
    private static Optional<Double> number(String cell) {
        if (DECIMAL.matcher(cell).matches()) {
            return Optional.of(Double.parseDouble(cell));
        }
        return NOT_FINITE.matcher(cell).matches() ? Optional.of(Double.NaN) : Optional.empty();
    }

    double number(Row row, String column) {
        return number(row.cell(column(column))).orElseThrow(() -> notA("number", row, column));
    }

    long count(Row row, String column) {
        try {
            return Long.parseLong(row.cell(column(column)));
        } catch (NumberFormatException e) {
            throw notA("whole number", row, column);
        }
    }

    private ScalingException notA(String kind, Row row, String column) {
        String cell = row.cell(column(column));
        return new ScalingException(
                String.format(Locale.ROOT, "%s, line %d: column '%s' must be a %s, found %s", file, row.line(), column,
                        kind,
                        cell.isEmpty() ? "an empty cell" : "'" + cell + "'"));
    }
}
