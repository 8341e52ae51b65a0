package org.einscale.experiments.sweep;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.einscale.experiments.TrainerSettings;
import org.einscale.experiments.UserError;
import org.einscale.experiments.config.Rung;
import org.einscale.experiments.explain.Columns;
import org.einscale.scaling.sweep.Coordinates;
import org.einscale.scaling.table.CoordinateTable.Row;
import org.einscale.tensor.profile.Profile;
import org.einscale.trainer.CoordinateCheck;
import org.einscale.trainer.PreparedTraining;
import org.einscale.trainer.TrainingData;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.layer.Parametrization;

/**
 * A model at several widths, trained for some steps at its peak learning rate: what its activations do in its parametrization, and
 * beside it in the standard one.
 *
 * @param checks that of the model first
 */
public record WidthComparison(List<Coordinates> checks) {
    private static final String STANDARD = Section.word(Parametrization.Kind.STANDARD);

    /**
     * Trains all of them, one after the other.
     *
     * @param model of any width
     * @param widths sizes of the axis d; axes whose sizes the base names grow with it
     * @throws IllegalArgumentException in one line if there is no model of one of the widths
     */
    public static WidthComparison of(Rung model, List<Integer> widths, long steps, Profile machine) {
        TrainingData data = TrainerSettings.data(model.settings());
        SortedMap<String, Integer> base = switch (model.settings().model().spec().parametrization()) {
            case Parametrization.Standard _ -> new TreeMap<>();
            case Parametrization.MaximalUpdate mup -> mup.base();
        };
        List<Coordinates> checks = new ArrayList<>();
        if (!base.isEmpty()) {
            checks.add(check(Section.word(Parametrization.Kind.MUP), model, base, widths, steps, machine, data));
        }
        checks.add(check(STANDARD, model, base, widths, steps, machine, data));
        return new WidthComparison(checks);
    }

    private static Coordinates check(String kind, Rung model, SortedMap<String, Integer> base, List<Integer> widths,
            long steps, Profile machine, TrainingData data) {
        List<Row> rows = new ArrayList<>();
        for (int width : widths) {
            Map<String, Object> settings = new LinkedHashMap<>(axes(base, width));
            settings.putAll(Map.of("model.parametrization.kind", kind, "training.schedule.kind", "constant",
                    "training.schedule.warmup", 0, "training.steps", steps));
            Rung trial = model.with(kind + width, settings);
            PreparedTraining prepared = PreparedTraining.of(trial.settings().model(),
                    TrainerSettings.training(trial.settings(), machine), data);
            CoordinateCheck.of(prepared, steps).forEach(each -> rows
                    .add(new Row(kind, width, each.step(), each.value(), each.size(), each.change())));
        }
        return new Coordinates(kind, rows);
    }

    /** Axes that grow with the width, at one. */
    private static Map<String, Integer> axes(SortedMap<String, Integer> base, int width) {
        int baseWidth = base.getOrDefault(Parametrization.WIDTH, width);
        Map<String, Integer> axes = new TreeMap<>();
        base.forEach((axis, size) -> {
            if ((long) size * width % baseWidth != 0) {
                throw new UserError("--widths " + width + ": axis '" + axis + "', " + size + " at the base width of "
                        + baseWidth + ", would be " + (double) size * width / baseWidth
                        + "; expected multiples of " + baseWidth);
            }
            axes.put("model.axes." + axis, (int) ((long) size * width / baseWidth));
        });
        axes.put("model.axes." + Parametrization.WIDTH, width);
        return axes;
    }

    /** All measurements. */
    public List<Row> rows() {
        return checks.stream().flatMap(check -> check.rows().stream()).toList();
    }

    /** Slopes of all activations, and a sentence for each parametrization. */
    @Override
    public String toString() {
        SequencedMap<String, List<String>> cells = new LinkedHashMap<>();
        List<String> names = new ArrayList<>();
        for (Coordinates check : checks) {
            add(cells, names, check, "change", Row::change);
            add(cells, names, check, "size", Row::size);
        }
        Columns table = new Columns(names, "");
        cells.forEach((value, slopes) -> table.add(slopes, value));
        return "power of the width by which activations go, after step " + checks.getFirst().lastStep() + "\n\n" + table
                + "\n" + checks.stream().map(Coordinates::judgement).collect(Collectors.joining("\n")) + "\n";
    }

    private static void add(SequencedMap<String, List<String>> cells, List<String> names, Coordinates check,
            String measure, ToDoubleFunction<Row> of) {
        names.add(check.parametrization() + " " + measure);
        check.slopes(of).forEach((value, slope) -> cells.computeIfAbsent(value, _ -> new ArrayList<>())
                .add(slope.isNaN() ? "-" : String.format(Locale.ROOT, "%.2f", slope)));
    }
}
