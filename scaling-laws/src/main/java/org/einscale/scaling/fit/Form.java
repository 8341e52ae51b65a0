package org.einscale.scaling.fit;

import java.util.List;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.einscale.scaling.ChinchillaLaw;
import org.einscale.scaling.Law;
import org.einscale.scaling.Point;
import org.einscale.scaling.PowerLaw;
import org.einscale.scaling.Term;

/**
 * How a law is put together from powers of its inputs: {@code E + sum over k of C_k x_k^-p_k}.
 *
 * @param name what users call it
 * @param inputs the inputs x_k of a point, each with the name used in messages
 * @param law makes the law from {@code [E, log C_1, p_1, log C_2, p_2, ...]}
 * @param <L> the law
 */
public record Form<L extends Law>(String name, List<Input> inputs, Function<double[], L> law) {

    /**
     * One input of a law.
     *
     * @param name its name in messages
     * @param of reads it from a point
     */
    public record Input(String name, ToDoubleFunction<Point> of) {}

    private static final Input SIZE = new Input("size N", Point::n);
    private static final Input TOKENS = new Input("token count D", Point::tokens);

    /** {@link PowerLaw}: L(N) = E + A N^-alpha. */
    public static final Form<PowerLaw> POWER = new Form<>("power", List.of(SIZE),
            v -> new PowerLaw(v[0], new Term(v[1], v[2])));

    /** {@link ChinchillaLaw}: L(N, D) = E + A N^-alpha + B D^-beta. */
    public static final Form<ChinchillaLaw> CHINCHILLA = new Form<>("chinchilla", List.of(SIZE, TOKENS),
            v -> new ChinchillaLaw(v[0], new Term(v[1], v[2]), new Term(v[3], v[4])));

    public Form {
        inputs = List.copyOf(inputs);
    }

    /** Number of parameters: E, and a coefficient and an exponent for each input. */
    public int parameters() {
        return 1 + 2 * inputs.size();
    }
}
