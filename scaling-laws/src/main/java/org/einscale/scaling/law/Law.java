package org.einscale.scaling.law;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import org.einscale.scaling.Figures;
import org.einscale.scaling.Point;

/**
 * A law with its numbers: loss as a function of scale. Positive parameters are kept by their natural logarithms, as steep laws and sizes
 * close together give coefficients that no double holds.
 *
 * @param form its form
 * @param theta a number a parameter in the order of the form: its natural logarithm, or itself where it may have either sign
 */
public record Law(Form form, List<Double> theta) {

    private static final Pattern NAME = Pattern.compile("[A-Za-z_]\\w*");

    public Law {
        theta = List.copyOf(theta);
    }

    /** The law with these values of its parameters, in the order of the form. */
    public static Law of(Form form, double... values) {
        var theta = new ArrayList<Double>();
        for (int j = 0; j < values.length; j++) {
            boolean signed = form.formula().signed().contains(form.parameters().get(j));
            theta.add(signed ? values[j] : Math.log(values[j]));
        }
        return new Law(form, theta);
    }

    /** The law with these numbers. */
    public static Law at(Form form, double[] theta) {
        return new Law(form, Arrays.stream(theta).boxed().toList());
    }

    double[] array() {
        return theta.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /** Loss at a scale, in nats per token, by the value of each input. */
    public double loss(Map<String, Double> at) {
        return losses(List.of(new Point(at, Double.NaN)))[0];
    }

    /** Loss of each point by the law, whatever was measured there. */
    public double[] losses(List<Point> points) {
        double[] logs = form.formula().over(points, form.parameters()).evaluate(array());
        return Arrays.stream(logs).map(Math::exp).toArray();
    }

    /** Loss of a law of one input at a value of it. */
    public double loss(double input) {
        return loss(Map.of(form.formula().inputs().getFirst(), input));
    }

    /** Loss at a size n and a number of tokens d, of which a law may use one alone. */
    public double loss(double n, double d) {
        return loss(Map.of("n", n, "d", d));
    }

    /** The loss that no scale removes: the sum of the terms that are parameters alone. */
    public double irreducible() {
        return form.formula().floors().stream().mapToDouble(this::value).sum();
    }

    /** A parameter; infinite or 0 where no double holds it. */
    public double value(String parameter) {
        double stored = theta.get(form.parameters().indexOf(parameter));
        return form.formula().signed().contains(parameter) ? stored : Math.exp(stored);
    }

    /** Name and value of each parameter, in the order of the form. */
    public SequencedMap<String, Double> parameters() {
        var parameters = new LinkedHashMap<String, Double>();
        form.parameters().forEach(name -> parameters.put(name, value(name)));
        return parameters;
    }

    /** A parameter as people read it: a power of ten where it leaves the range of a double. */
    public String text(String parameter) {
        double stored = theta.get(form.parameters().indexOf(parameter));
        return form.formula().signed().contains(parameter) ? Figures.of(stored) : Figures.ofLog(stored);
    }

    /** The law with its numbers, such as {@code L(N) = 1.69 + 406.4 N^-0.34}. */
    public String equation() {
        String text = form.text().replaceAll("signed\\((\\w+)\\)", "$1");
        return NAME.matcher(text)
                .replaceAll(name -> form.parameters().contains(name.group()) ? text(name.group()) : name.group());
    }
}
