package org.einscale.einsum.binding;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.einscale.einsum.equation.Dialect;
import org.einscale.einsum.equation.Element;
import org.einscale.einsum.equation.Mistakes;
import org.einscale.einsum.equation.Remedy;
import org.einscale.einsum.equation.Term;

/** What a person may do who gave an array with more or fewer axes than its term names. */
record RankRemedies(Mistakes mistakes, Term term, int rank) {
    private static final String DOTS = "...";

    /** Of more axes than names: an ellipsis for the others. */
    List<Remedy> ofTooMany() {
        int end = mistakes.endOfTerm(term.start());
        String dots = mistakes.dialect() == Dialect.WORDS ? " " + DOTS + " " : DOTS;
        Remedy there = mistakes.replacing("name the others too, or add '...' for them", end, end, dots);
        boolean written = mistakes.text().contains("->");
        String both = new StringBuilder(mistakes.text()).insert(end, dots) + dots;
        return written && !mistakes.text().contains(DOTS)
                ? List.of(there, mistakes.rewriting("add '...' for the others there and in the output", both))
                : List.of(there);
    }

    /** Of fewer axes than names: fewer names, if any of them will do. */
    List<Remedy> ofTooFew(int named) {
        String more = "give an array of " + (term.hasPlainEllipsis() ? "at least " : "") + named
                + (named == 1 ? " axis" : " axes");
        return List.of(() -> fitting(List.of(), 0).map(term -> "its shape would fit the term '" + term + "'"),
                Remedy.fact(more));
    }

    /** The first way to leave out elements from some index on that makes the term fit. */
    private Optional<String> fitting(List<Element> chosen, int next) {
        List<Element> elements = term.elements();
        if (chosen.size() == rank) {
            String text = mistakes.term(chosen);
            return mistakes.replacing(text, term.start(), mistakes.endOfTerm(term.start()), text + " ").told();
        }
        if (elements.size() - next < rank - chosen.size()) {
            return Optional.empty();
        }
        List<Element> more = new ArrayList<>(chosen);
        more.add(elements.get(next));
        return fitting(more, next + 1).or(() -> fitting(chosen, next + 1));
    }
}
