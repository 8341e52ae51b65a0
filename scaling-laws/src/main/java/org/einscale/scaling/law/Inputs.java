package org.einscale.scaling.law;

import java.util.List;
import java.util.Locale;

/** How inputs are written for people: {@code n} is the size N. */
public final class Inputs {

    private Inputs() {
    }

    /** Its symbol: N for {@code n}. */
    public static String symbol(String input) {
        return Formula.INPUTS.contains(input) ? input.toUpperCase(Locale.ROOT) : input;
    }

    /** What it is, such as {@code size N}. */
    public static String name(String input) {
        return switch (input) {
            case "n" -> "size N";
            case "d" -> "token count D";
            case "c" -> "compute C";
            case "u" -> "count of unique tokens U";
            case "s" -> "sparsity S";
            case "p" -> "precision P";
            default -> "input " + input;
        };
    }

    /** A formula as people read it: with symbols for inputs, and products without a sign. */
    static String symbols(String text, List<String> inputs) {
        String shown = text.replace(" * ", " ");
        for (String input : inputs) {
            shown = shown.replaceAll("\\b" + input + "\\b", symbol(input));
        }
        return shown;
    }
}
