package org.einscale.experiments.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.einscale.experiments.explain.Columns;
import org.einscale.scaling.Figures;
import org.einscale.scaling.plot.EmergenceFigure;
import org.einscale.tensor.Quantity;
import org.einscale.trainer.Predictor;
import org.einscale.trainer.task.Answers;
import org.einscale.trainer.task.LearningCurve;
import org.einscale.trainer.task.ZipfLookup;

/**
 * What the models of a look-up answer to every key.
 *
 * @param answers of each model
 * @param examinations of each length
 */
public record LookupAnswers(List<TaskModel> models, List<Answers> answers, int examinations) {
    private static final List<Integer> LENGTHS = List.of(1, 4, 8, 16);
    private static final int LEAST_FOR_EXPONENT = 3;

    /** Asks the models. */
    public static LookupAnswers of(List<TaskModel> models, int examinations) {
        List<Answers> answers = new ArrayList<>();
        for (TaskModel model : models) {
            try (Predictor predictor = Predictor.load(model.folder())) {
                answers.add(Answers.of((ZipfLookup) model.task(), model.seed(), predictor::logProbabilities));
            }
        }
        return new LookupAnswers(models, answers, examinations);
    }

    /** Whether there is a size to draw against. */
    public boolean severalSizes() {
        return models.stream().mapToLong(model -> model.run().n()).distinct().count() > 1;
    }

    /** All measures against size. */
    public EmergenceFigure figure() {
        List<EmergenceFigure.Size> sizes = new ArrayList<>();
        for (int i = 0; i < models.size(); i++) {
            Answers of = answers.get(i);
            SequencedMap<Integer, Double> octaves = new TreeMap<>();
            of.octaves().forEach(octave -> octaves.put(octave.first(), octave.known()));
            sizes.add(
                    new EmergenceFigure.Size(models.get(i).run().n(), of.loss(), of.known(), exactMatch(i), of.brier(),
                            octaves));
        }
        return new EmergenceFigure(sizes);
    }

    private SequencedMap<Integer, Double> exactMatch(int model) {
        SequencedMap<Integer, Double> passed = new TreeMap<>();
        LENGTHS.stream().filter(length -> length <= answers.get(model).keys().size()).forEach(
                length -> passed.put(length,
                        answers.get(model).exactMatch(length, examinations, models.get(model).seed())));
        return passed;
    }

    private ZipfLookup task() {
        return answers.getFirst().task();
    }

    @Override
    public String toString() {
        List<String> headings = new ArrayList<>(
                List.of("N", "examples", "loss", "above floor", "unlearned", "never seen", "known", "Brier"));
        List<Integer> lengths = List.copyOf(exactMatch(0).sequencedKeySet());
        lengths.forEach(length -> headings.add("L = " + length));
        Columns rows = new Columns(headings, "trial");
        for (int i = 0; i < models.size(); i++) {
            Answers of = answers.get(i);
            double above = 100 * (of.loss() / task().floor() - 1);
            List<String> cells = new ArrayList<>(List.of(Quantity.count(models.get(i).run().n()),
                    Quantity.count(models.get(i).examples()), Figures.of(of.loss()),
                    task().floor() == 0 ? "" : text("%+.2f%%", above), text("%.5f", task().unlearned(of.loss())),
                    text("%.5f", of.frequencies().unseen(models.get(i).examples())), text("%.3f", of.known()),
                    text("%.3f", of.brier())));
            exactMatch(i).values().forEach(share -> cells.add(text("%.3f", share)));
            rows.add(cells, models.get(i).run().trial());
        }
        return "asked for every key; of examinations of L different keys, the share passed\n" + rows + exponent();
    }

    /** Of models of one size that have seen more and more. */
    private String exponent() {
        long seen = models.stream().mapToLong(model -> model.run().tokens()).distinct().count();
        if (severalSizes() || seen < LEAST_FOR_EXPONENT) {
            return "";
        }
        LearningCurve curve = new LearningCurve(task().frequencies(),
                models.stream().mapToDouble(TaskModel::examples).toArray(),
                answers.stream().mapToDouble(of -> task().unlearned(of.loss())).toArray());
        double measured = curve.exponent();
        double exact = curve.exactExponent();
        return text(
                "%nunlearned falls as D^%.3f; the exact sum of keys not seen in D / %.1f draws, as D^%.3f (off by %+.1f%%)%n",
                measured, curve.needed(), exact, 100 * (measured / exact - 1));
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
