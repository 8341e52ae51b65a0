package org.einscale.scaling.table;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.einscale.scaling.ScalingException;

/** Files that people take for CSV, told by their first bytes or characters, so that a message can say what they are. */
final class Foreign {

    private static final String EXPECTED = "; expected CSV: text in UTF-8, a line of column names first, commas between cells";
    private static final Map<String, String> BY_FIRST_BYTES = firstBytes();
    private static final List<Character> SEPARATORS = List.of(';', '\t', '|');

    private Foreign() {
    }

    private static Map<String, String> firstBytes() {
        var kinds = new LinkedHashMap<String, String>();
        kinds.put("\u001f\u008b", "is compressed by gzip: unpack it first, with gunzip");
        kinds.put("(\u00b5/\u00fd", "is compressed by zstd: unpack it first, with unzstd");
        kinds.put("\u00fd7zXZ", "is compressed by xz: unpack it first, with unxz");
        kinds.put("BZh", "is compressed by bzip2: unpack it first, with bunzip2");
        kinds.put("PK\u0003\u0004", "is a zip archive or a spreadsheet");
        kinds.put("PAR1", "is a Parquet file");
        kinds.put("SQLite format 3", "is an SQLite database");
        kinds.put("\u0093NUMPY", "is a NumPy array");
        kinds.put("\u00ff\u00fe", "is text in UTF-16");
        kinds.put("\u00fe\u00ff", "is text in UTF-16");
        return kinds;
    }

    /** @throws ScalingException where the first bytes are those of another kind of file */
    static void refuse(Path file, byte[] content) {
        String start = new String(content, 0, Math.min(content.length, 16), StandardCharsets.ISO_8859_1);
        BY_FIRST_BYTES.forEach((bytes, kind) -> {
            if (start.startsWith(bytes)) {
                throw new ScalingException(file + " " + kind + EXPECTED);
            }
        });
    }

    /** @throws ScalingException where the first line is that of JSON or markup, a comment, or separated by something else */
    static void refuse(Path file, String text) {
        String first = text.lines().filter(line -> !line.isBlank()).findFirst().orElse("").strip();
        String kind = switch (first.isEmpty() ? ' ' : first.charAt(0)) {
            case '{' -> first.endsWith("}") && first.length() > 2 ? "holds JSON lines" : "holds JSON";
            case '[' -> "holds JSON";
            case '<' -> "holds HTML or XML";
            case '#' ->
                "begins with a comment ('#'), which CSV does not have: remove the lines before the column names";
            default -> separated(first);
        };
        if (!kind.isEmpty()) {
            throw new ScalingException(file + " " + kind + EXPECTED);
        }
    }

    private static String separated(String header) {
        String unquoted = header.replaceAll("\"[^\"]*\"", "");
        long commas = count(unquoted, ',');
        for (char separator : SEPARATORS) {
            if (count(unquoted, separator) > commas) {
                return "separates its cells by " + switch (separator) {
                    case ';' -> "semicolons";
                    case '\t' -> "tabs";
                    default -> "vertical bars";
                };
            }
        }
        return commas == 0 && unquoted.strip().matches("\\S+( +\\S+)+") ? "separates its cells by spaces" : "";
    }

    private static long count(String text, char character) {
        return text.chars().filter(c -> c == character).count();
    }

    /** Whether a cell holds whole rows, as one does whose quote is closed some lines too late. */
    static boolean swallowsRows(String cell, int columns) {
        return cell.indexOf('\n') >= 0
                && Arrays.stream(cell.split("\n")).anyMatch(line -> count(line, ',') == columns - 1);
    }
}
