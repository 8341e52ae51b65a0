package org.einscale.scaling.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.scaling.law.Inputs;

/**
 * Points for a fit from any CSV file with columns of scales and a column of losses.
 *
 * @param points the rows with all of them, those held out included
 * @param heldOut those that the columns say to hold out; none where they say nothing
 * @param rows number of rows of the table
 * @param failed number of rows left out because their column {@code status} says failed
 * @param diverged number of rows left out because their loss is NaN
 * @param other number of rows left out by the condition
 * @param invalid what is wrong with each other row left out, with its line
 * @param conventions how each input comes about: its column, with its meaning in a run's table, or what it is computed from
 * @param sizeLabel what the sizes are: the meaning of the column in a run's table, its name in any other
 * @param lossLabel what the losses are, likewise
 */
public record CsvPoints(List<Point> points, List<Point> heldOut, int rows, int failed, int diverged, int other,
        List<String> invalid, Map<String, String> conventions, String sizeLabel, String lossLabel) {

    private static final double FLOPS_A_PARAMETER_AND_TOKEN = 6;

    /**
     * Reads the points. Rows whose column {@code status}, if there is one, says failed are left out, and so are those whose loss is NaN. A
     * column {@code tokens}, if there is one, gives the training tokens where no column is named for them; they are unknown where it holds
     * no number, as a law of size alone does without.
     *
     * @param file the file
     * @param nColumn column with the sizes N, such as {@code n}
     * @param lossColumn column with the losses, such as {@code val_loss}
     * @throws ScalingException for a missing or empty file, a missing column (naming the nearest), a cell that is not a positive
     *         number (naming its line), or no row left
     */
    public static List<Point> read(Path file, String nColumn, String lossColumn) {
        CsvPoints table = readValid(file, nColumn, lossColumn);
        if (!table.invalid.isEmpty()) {
            throw new ScalingException(table.invalid.getFirst());
        }
        return table.points;
    }

    /**
     * The same, but rows without a positive number in both columns are left out and told.
     *
     * @throws ScalingException for a missing or empty file, a missing column, or a table of failed rows alone
     */
    public static CsvPoints readValid(Path file, String nColumn, String lossColumn) {
        return readValid(file, Columns.of(nColumn, lossColumn));
    }

    /**
     * The same for any columns.
     *
     * @throws ScalingException for a missing or empty file, a missing column, or a table without rows that count
     */
    public static CsvPoints readValid(Path file, Columns columns) {
        return readValid(Csv.read(file), columns);
    }

    private static CsvPoints readValid(Csv csv, Columns columns) {
        csv.require(named(columns), other -> readValid(other, columns).requirePoints());
        columns.where().ifPresent(where -> requireAll(csv, columns, where));
        columns.holdOut().ifPresent(where -> requireAll(csv, columns, where));
        requireNeeded(csv, columns);
        return new Reading(csv, columns).points();
    }

    private static List<String> named(Columns columns) {
        var names = new LinkedHashSet<>(columns.inputs().values());
        names.add(columns.loss());
        columns.run().ifPresent(names::add);
        return List.copyOf(names);
    }

    private static void requireAll(Csv csv, Columns columns, Where where) {
        csv.require(where.columns().stream()
                .filter(name -> csv.findColumn(name).isPresent() || !columns.inputs().containsKey(name)
                        && !columns.derivable(name))
                .toList(), other -> {
                });
    }

    private static void requireNeeded(Csv csv, Columns columns) {
        for (String input : columns.needed()) {
            boolean tokens = input.equals("d") && csv.findColumn(RunColumn.TOKENS.column()).isPresent();
            if (!columns.inputs().containsKey(input) && !columns.derivable(input) && !tokens) {
                throw new ScalingException(csv.file() + ": the law needs the " + Inputs.name(input)
                        + ", for which no column is named"
                        + (Set.of("n", "d", "c").contains(input)
                                ? " and which follows from the other two of n, d and c"
                                : "")
                        + "; its columns: " + String.join(", ", csv.header()));
            }
        }
    }

    private void requirePoints() {
        if (points.isEmpty()) {
            throw new ScalingException(invalid.isEmpty() ? "no row" : invalid.getFirst());
        }
    }

    /** One pass over the rows. */
    private static final class Reading {
        private final Csv csv;
        private final Columns columns;
        private final List<Point> points = new ArrayList<>();
        private final List<Point> heldOut = new ArrayList<>();
        private final List<String> invalid = new ArrayList<>();
        private int failed;
        private int diverged;
        private int other;

        Reading(Csv csv, Columns columns) {
            this.csv = csv;
            this.columns = columns;
        }

        CsvPoints points() {
            csv.rows().forEach(this::read);
            int left = csv.rows().size() - failed - diverged - other;
            if (left == 0) {
                throw new ScalingException(csv.file() + (csv.rows().isEmpty()
                        ? " has column names but no rows"
                        : failed == csv.rows().size()
                                ? " has only rows with status failed"
                                : String.format(Locale.ROOT,
                                        ": all %d rows are left out: %d failed, %d diverged (loss NaN), %d by the condition",
                                        csv.rows().size(), failed, diverged, other)));
            }
            return new CsvPoints(List.copyOf(points), List.copyOf(heldOut), csv.rows().size(), failed, diverged, other,
                    List.copyOf(invalid), conventions(), label(columns.inputs().getOrDefault("n", columns.loss())),
                    label(columns.loss()));
        }

        private void read(Csv.Row row) {
            boolean out = csv.findColumn(RunColumn.STATUS.column())
                    .filter(column -> row.cell(column).equalsIgnoreCase(Run.Status.FAILED.word())).isPresent();
            if (out) {
                failed++;
            } else if (columns.where().isPresent() && !columns.where().get().holds(name -> cell(row, name))) {
                other++;
            } else if (row.cell(csv.column(columns.loss())).matches("(?i)[+-]?nan")) {
                diverged++;
            } else {
                try {
                    Point point = point(row);
                    points.add(point);
                    if (columns.holdOut().isPresent() && columns.holdOut().get().holds(name -> cell(row, name))) {
                        heldOut.add(point);
                    }
                } catch (ScalingException problem) {
                    invalid.add(String.valueOf(problem.getMessage()));
                }
            }
        }

        /** A cell by the name of its column, or the value of an input. */
        private String cell(Csv.Row row, String name) {
            return csv.findColumn(name).map(row::cell).orElseGet(() -> {
                var at = new HashMap<String, Double>();
                columns.inputs().forEach((input, column) -> Csv.finite(row.cell(csv.column(column)))
                        .ifPresent(value -> at.put(input, value)));
                derive(at, name);
                return Double.toString(at.getOrDefault(name, Double.NaN));
            });
        }

        private Point point(Csv.Row row) {
            var at = new HashMap<String, Double>();
            for (String input : columns.inputs().keySet().stream().sorted().toList()) {
                String column = columns.inputs().getOrDefault(input, input);
                at.put(input, input.equals("s") ? share(row, column) : positive(row, column));
            }
            if (!columns.inputs().containsKey("d") && !columns.derivable("d")) {
                csv.findColumn(RunColumn.TOKENS.column()).flatMap(column -> Csv.finite(row.cell(column)))
                        .ifPresent(tokens -> at.put("d", tokens));
            }
            columns.needed().forEach(input -> derive(at, input));
            return new Point(at, positive(row, columns.loss()),
                    columns.run().map(column -> row.cell(csv.column(column))).orElse(""));
        }

        private static void derive(Map<String, Double> at, String input) {
            double n = at.getOrDefault("n", Double.NaN);
            double d = at.getOrDefault("d", Double.NaN);
            double c = at.getOrDefault("c", Double.NaN);
            double value = switch (input) {
                case "n" -> c / (FLOPS_A_PARAMETER_AND_TOKEN * d);
                case "d" -> c / (FLOPS_A_PARAMETER_AND_TOKEN * n);
                case "c" -> FLOPS_A_PARAMETER_AND_TOKEN * n * d;
                default -> Double.NaN;
            };
            if (!Double.isNaN(value)) {
                at.putIfAbsent(input, value);
            }
        }

        private Map<String, String> conventions() {
            var conventions = new LinkedHashMap<String, String>();
            for (String input : List.of("n", "d", "c")) {
                if (columns.inputs().containsKey(input)) {
                    conventions.put(input, convention(columns.inputs().getOrDefault(input, input)));
                } else if (columns.needed().contains(input)) {
                    conventions.put(input, columns.derivable(input)
                            ? formula(input)
                            : convention(RunColumn.TOKENS.column()));
                }
            }
            columns.inputs().forEach((input, column) -> conventions.putIfAbsent(input, convention(column)));
            return Collections.unmodifiableMap(conventions);
        }

        private String convention(String column) {
            return (ofARun() ? RunColumn.values()[csv.column(column)].meaning() + ", " : "") + "column '" + column
                    + "'";
        }

        private static String formula(String input) {
            return switch (input) {
                case "n" -> "C / (6 D)";
                case "d" -> "C / (6 N)";
                default -> "6 N D";
            };
        }

        private boolean ofARun() {
            return csv.header().equals(RunTable.HEADER);
        }

        private String label(String column) {
            return ofARun() ? RunColumn.values()[csv.column(column)].label() : column;
        }

        private double positive(Csv.Row row, String column) {
            double value = csv.number(row, column);
            if (!(value > 0) || Double.isInfinite(value)) {
                throw mustBe("positive and finite", row, column);
            }
            return value;
        }

        private double share(Csv.Row row, String column) {
            double value = csv.number(row, column);
            if (!(value >= 0 && value < 1)) {
                throw mustBe("a share of at least 0 and below 1", row, column);
            }
            return value;
        }

        private ScalingException mustBe(String what, Csv.Row row, String column) {
            return new ScalingException(String.format(Locale.ROOT, "%s, line %d: column '%s' must be %s, found '%s'",
                    csv.file(), row.line(), column, what, row.cell(csv.column(column))));
        }
    }
}
