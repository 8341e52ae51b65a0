package org.einscale.experiments.command;

import org.einscale.einsum.equation.Equation;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How an einsum string is read where it does not show by itself: one of the two, or neither. */
final class Reading {
    @Option(names = "--letters", description = "Read each letter as an axis, as NumPy does: \"ij,jk->i k\".")
    private boolean letters;

    @Option(names = "--words", description = "Read names apart by spaces as axes, also where each term is one name: \"seq, seq ->\".")
    private boolean words;

    static Equation equation(String text, @Nullable Reading reading) {
        if (reading == null || !reading.words && !reading.letters) {
            return Equation.of(text);
        }
        return reading.words ? Equation.words(text) : Equation.letters(text);
    }
}
