package org.einscale.scaling.law;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The form of a law: its formula, and what a search for its parameters needs to know beyond it.
 *
 * @param name what users call it
 * @param source where the formula comes from
 * @param formula loss in nats per token
 * @param start a simpler formula in some of the same parameters, whose fits are where searches begin; the formula itself where empty
 * @param search values to begin from, for parameters that are neither coefficients nor exponents
 */
public record Form(String name, String source, Formula formula, Optional<Formula> start,
        Map<String, List<Double>> search) {

    private static final String OWN = "own";

    public Form {
        search = Map.copyOf(search);
    }

    /** A form that says all by its formula. */
    public static Form of(String name, String source, String formula) {
        return new Form(name, source, Formula.of(formula), Optional.empty(), Map.of());
    }

    /**
     * A form of one's own.
     *
     * @param text its formula, see {@link Formula}
     * @param otherInputs names of inputs beyond {@link Formula#INPUTS}
     * @throws org.einscale.scaling.ScalingException where the text is no formula, with the place
     */
    public static Form own(String text, Set<String> otherInputs) {
        return new Form(OWN, "given as text", Formula.of(text, otherInputs), Optional.empty(), Map.of());
    }

    /** What a table of several calls it: its name, or its formula if it is one's own. */
    public String label() {
        return name.equals(OWN) ? text() : name;
    }

    Form from(String simpler) {
        return new Form(name, source, formula, Optional.of(Formula.of(simpler)), search);
    }

    Form searching(String parameter, Double... values) {
        var more = new HashMap<>(search);
        more.put(parameter, List.of(values));
        return new Form(name, source, formula, start, more);
    }

    /**
     * The form with parameters set, to numbers or to one another.
     *
     * @throws org.einscale.scaling.ScalingException where there is no such parameter
     */
    public Form with(Map<String, String> settings) {
        if (settings.isEmpty()) {
            return this;
        }
        Formula set = formula.with(settings);
        return new Form(name, source, set, start.map(simpler -> {
            var those = new LinkedHashMap<>(settings);
            those.keySet().retainAll(simpler.parameters());
            return simpler.with(those);
        }), search);
    }

    /** Names of the parameters, in the order of the formula. */
    public List<String> parameters() {
        return formula.parameters();
    }

    /** What the loss depends on, such as {@code L(N, D)}. */
    public String head() {
        return "L(" + String.join(", ", formula.inputs().stream().map(Inputs::symbol).toList()) + ")";
    }

    /** Whether the loss depends on nothing but the number of parameters, so that it can be drawn as one curve. */
    public boolean isOfSizeAlone() {
        return formula.inputs().equals(List.of("n"));
    }

    /** The law with names in the place of numbers, such as {@code L(N) = E + A N^-alpha}. */
    public String text() {
        return head() + " = " + Inputs.symbols(formula.text(), formula.inputs());
    }
}
