package org.einscale.einsum.equation;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes the errors of an equation, and remedies that change its string: these must be read, and pass what the equation is for.
 *
 * @param text
 *            the string
 * @param use
 *            what is done with the equation, such as meeting shapes; throws if it does not fit
 */
public record Mistakes(String text, Dialect dialect, Rule rule, Consumer<Equation> use) {

    /** Of an equation that has been read. */
    public static Mistakes of(Equation equation, Consumer<Equation> use) {
        return new Mistakes(equation.text(), equation.dialect(), equation.rule(), use);
    }

    /** Of operands that no other string would fit. */
    public static Mistakes ofOperands(Equation equation) {
        return of(equation, _ -> {
            throw new IllegalArgumentException("the operands do not fit");
        });
    }

    /**
     * An error with the first remedy that works.
     *
     * @param position
     *            index of the offending character
     * @param problem
     *            one sentence: what was found and what was expected
     */
    public EquationError at(int position, String problem, Remedy... remedies) {
        return at(position, problem, List.of(remedies));
    }

    /** The same with remedies in a list. */
    public EquationError at(int position, String problem, List<Remedy> remedies) {
        return new EquationError(this, position, problem, remedies);
    }

    /** The string with a stretch of it replaced. */
    public Remedy replacing(String told, int from, int to, String by) {
        return rewriting(told, new StringBuilder(text).replace(from, to, by).toString());
    }

    /** Another string in place of it. */
    public Remedy rewriting(String told, String other) {
        return reading(told, other, dialect, rule);
    }

    /** The string with a name in words replaced wherever it stands. */
    public Remedy renaming(String told, String name, String by) {
        return rewriting(told, text.replaceAll("(?<![\\p{L}\\d_])" + name + "(?![\\p{L}\\d_])", by));
    }

    /** The string without brackets from an index on. */
    public Remedy unbracketed(String told, int from) {
        return rewriting(told, text.substring(0, from) + text.substring(from).replaceAll("[\\[\\]]", " "));
    }

    /** The string without the element there, which ends with a closing parenthesis if it begins with an opening one. */
    public Remedy without(String told, int start) {
        return replacing(told, start, endOfElement(start), "");
    }

    /** Where an element ends that is a sign or is in parentheses. */
    public int endOfElement(int start) {
        return text.charAt(start) == '(' ? text.indexOf(')', start) + 1 : start + 1;
    }

    /** The string under another rule. */
    Remedy under(Rule other, String told) {
        return reading(told, text, dialect, other);
    }

    /** The string in the other dialect. */
    Remedy inOtherDialect(String told) {
        return reading(told, text, dialect == Dialect.LETTERS ? Dialect.WORDS : Dialect.LETTERS, rule);
    }

    private Remedy reading(String told, String other, Dialect as, Rule under) {
        return Remedy.trying(told, () -> use.accept(new EquationParser(other, as, under).parse()));
    }

    /** Commas between the words of a string that has none but sums a letter of several words, as terms of letters do. */
    Optional<Remedy> withCommas() {
        int arrow = endOfTerm(0);
        String output = text.substring(arrow);
        List<String> terms = List.of(text.substring(0, arrow).strip().split("\\s+"));
        boolean words = dialect == Dialect.WORDS && !output.contains(",")
                && terms.stream().allMatch(term -> term.codePoints().allMatch(Character::isLetter));
        boolean sums = text.codePoints().mapToObj(Character::toString).filter(name -> !output.contains(name))
                .anyMatch(name -> terms.stream().filter(term -> term.contains(name)).count() > 1);
        String commas = String.join(", ", terms) + " " + output;
        return words && sums
                ? Optional.of(reading("is a comma missing, as in '" + commas + "'?", commas, Dialect.LETTERS, rule))
                : Optional.empty();
    }

    /** A name more at the end of the output; the string must have one written. */
    Remedy appending(String told, String name) {
        return replacing(told, text.length(), text.length(), dialect == Dialect.WORDS ? " " + name : name);
    }

    /** Where a term ends that begins at a position: at the next comma or arrow. */
    public int endOfTerm(int start) {
        return IntStream.range(start, text.length()).filter(i -> text.charAt(i) == ',' || text.startsWith("->", i))
                .findFirst().orElse(text.length());
    }

    /** A letter that is no name yet. */
    public String newName() {
        return newNames(1);
    }

    /** Letters that are no names yet, as they stand in a term. */
    public String newNames(int count) {
        Set<String> taken = Arrays.stream(text.split("[^\\p{L}\\d_]")).collect(Collectors.toSet());
        return term(IntStream.rangeClosed('a', 'z').mapToObj(Character::toString)
                .filter(name -> dialect == Dialect.WORDS ? !taken.contains(name) : !text.contains(name)).limit(count)
                .toList());
    }

    /** How names or elements stand side by side in a term. */
    public String term(List<?> parts) {
        return parts.stream().map(Object::toString).collect(Collectors.joining(dialect == Dialect.LETTERS ? "" : " "));
    }

    /** Which dialect the string was read in, and how to choose the other. */
    String reading() {
        boolean letters = dialect == Dialect.LETTERS;
        String read = letters ? "read as letters, an axis each" : "read as names apart by spaces";
        if (rule != Rule.CONTRACT) {
            return read;
        }
        String other = letters ? "names apart by spaces" : "letters, an axis each";
        return read
                + (inOtherDialect("").told().isPresent()
                        ? "; as " + other + ", it would be right: "
                        : "; for " + other + ": ")
                + (letters ? "Einsum.words, or --words" : "Einsum.letters, or --letters");
    }
}
