package org.einscale.scaling.plot;

import java.util.stream.Collectors;
import org.einscale.scaling.fit.HeldOut;
import org.einscale.scaling.law.Law;

/** What a figure says of a law: its formula, each parameter with its interval on a line of its own, and what is weak. */
final class LawLegend {

    private LawLegend() {
    }

    static String of(HeldOut held) {
        return state(held) + ": " + held.fit().form().text() + "\n" + parameters(held, ", ");
    }

    /** The same without the formula, in short lines. */
    static String narrow(HeldOut held) {
        return state(held) + "\n" + parameters(held, ",\n  ");
    }

    private static String state(HeldOut held) {
        return held.fit().converged() ? "fit without the largest" : "NOT CONVERGED";
    }

    private static String parameters(HeldOut held, String separator) {
        Law law = held.fit().law();
        return law.parameters().keySet().stream()
                .map(name -> name + " = " + law.text(name) + "  " + held.intervalText(name))
                .collect(Collectors.joining("\n"))
                + weak(held, separator);
    }

    /** What kinds of weakness there are. */
    private static String weak(HeldOut held, String separator) {
        String kinds = held.weaknesses().stream().map(weakness -> weakness.substring(0, weakness.indexOf(':')))
                .filter(kind -> !kind.equals("not converged")).distinct().collect(Collectors.joining(separator));
        return kinds.isEmpty() ? "" : "\nweak: " + kinds;
    }
}
