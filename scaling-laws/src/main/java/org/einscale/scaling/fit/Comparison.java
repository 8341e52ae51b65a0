package org.einscale.scaling.fit;

import java.util.Comparator;
import java.util.List;
import org.einscale.scaling.Point;
import org.einscale.scaling.law.Form;

/**
 * A law among others fitted to the same points.
 *
 * @param form the law
 * @param parameters number of its parameters
 * @param aic Akaike's criterion with Hurvich and Tsai's correction for few points (1989), for normal log residuals: the lower the better,
 *        and of differences below 2 nothing follows; infinite where points are too few for it
 * @param heldOutError mean absolute relative error for the largest runs, by the law fitted without them
 * @param converged whether both fits did
 */
public record Comparison(Form form, int parameters, double aic, double heldOutError, boolean converged) {

    /**
     * Fits each law, the one that predicts the runs held out best first.
     *
     * @throws org.einscale.scaling.ScalingException where points are too few for one of the laws
     */
    public static List<Comparison> of(List<Form> forms, List<Point> points, List<Point> held) {
        return forms.stream().map(form -> of(form, points, held))
                .sorted(Comparator.comparingDouble(Comparison::heldOutError)).toList();
    }

    private static Comparison of(Form form, List<Point> points, List<Point> held) {
        Fit fit = Fit.of(form, points);
        HeldOut check = HeldOut.of(form, points, held, new Draws(1, 1, false));
        int n = points.size();
        int k = form.parameters().size() + 1;
        double sum = Math.pow(Profile.of(fit).scatter(), 2) * (n - k + 1);
        double aic = n * Math.log(sum / n) + 2 * k
                + (n > k + 1 ? 2.0 * k * (k + 1) / (n - k - 1) : Double.POSITIVE_INFINITY);
        return new Comparison(form, k - 1, aic, check.meanError(), fit.converged() && check.fit().converged());
    }
}
