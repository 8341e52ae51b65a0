package org.einscale.scaling.law;

import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.einscale.scaling.Point;
import org.einscale.scaling.ScalingException;
import org.einscale.tensor.Nearest;

/**
 * A loss as a function of inputs and parameters, written as text, such as {@code E + A * n^-alpha}. Names of inputs are given; every
 * other name is a parameter, which is positive unless written {@code signed(name)}. Its slopes are exact (reverse mode on the formula).
 */
public final class Formula {

    /** Inputs that every formula may use: parameters, tokens, FLOPs, unique tokens, sparsity (share of zeros), bits. */
    public static final Set<String> INPUTS = Set.of("n", "d", "c", "u", "s", "p");

    private static final Pattern SIMPLE = Pattern.compile("[\\w.]+");

    private final String text;
    private final Node root;
    private final List<String> inputs;
    private final List<String> parameters;
    private final Set<String> signed;
    private final Map<String, String> exponents;
    private final List<String> floors;

    private Formula(String text, Node root) {
        this.text = text;
        this.root = root;
        this.inputs = inputs(root);
        this.parameters = inOrder(text, parameters(root));
        this.signed = root.all().filter(node -> node instanceof Node.Parameter(_, var either) && either)
                .map(node -> ((Node.Parameter) node).name()).collect(Collectors.toUnmodifiableSet());
        this.exponents = exponents(root);
        this.floors = Terms.of(root).parts().stream().filter(part -> part instanceof Node.Parameter)
                .map(part -> ((Node.Parameter) part).name()).toList();
    }

    /** @throws ScalingException where the text is no formula, with the place */
    public static Formula of(String text) {
        return of(text, Set.of());
    }

    /**
     * A formula that uses inputs of other names too.
     *
     * @throws ScalingException where the text is no formula, with the place
     */
    public static Formula of(String text, Set<String> otherInputs) {
        var inputs = new LinkedHashSet<>(INPUTS);
        inputs.addAll(otherInputs);
        var formula = new Formula(text, FormulaParser.parse(text, inputs));
        if (formula.inputs().isEmpty()) {
            throw new ScalingException("law \"" + text + "\": it uses no input; expected one of "
                    + inputs.stream().sorted().collect(Collectors.joining(", ")));
        }
        return formula;
    }

    Node root() {
        return root;
    }

    /** As it was written. */
    public String text() {
        return text;
    }

    /** The inputs in the order in which they are met. */
    public List<String> inputs() {
        return inputs;
    }

    private static List<String> inputs(Node node) {
        return node.all().filter(Node.Input.class::isInstance).map(part -> ((Node.Input) part).name()).distinct()
                .toList();
    }

    /** The parameters in the order in which they are written, those of definitions last. */
    public List<String> parameters() {
        return parameters;
    }

    private static List<String> inOrder(String text, List<String> names) {
        String[] statements = text.split(";");
        String order = statements[statements.length - 1] + ";" + text;
        var places = new HashMap<String, Integer>();
        for (String name : names) {
            Matcher place = Pattern.compile("\\b" + name + "\\b").matcher(order);
            places.put(name, place.find() ? place.start() : order.length());
        }
        return names.stream().sorted(Comparator.comparing(places::get)).toList();
    }

    static List<String> parameters(Node node) {
        return node.all().filter(Node.Parameter.class::isInstance).map(part -> ((Node.Parameter) part).name())
                .distinct().toList();
    }

    /** Parameters of either sign; all others are positive. */
    public Set<String> signed() {
        return signed;
    }

    /** Parameters that stand in the exponent of an input, or of a product with one, with that input. */
    public Map<String, String> exponents() {
        return exponents;
    }

    private static Map<String, String> exponents(Node root) {
        var exponents = new LinkedHashMap<String, String>();
        root.all().forEach(node -> {
            if (node instanceof Node.Power(var base, var exponent) && base.varies()
                    && !(base instanceof Node.Sum)) {
                parameters(exponent).forEach(name -> exponents.putIfAbsent(name, inputs(base).getFirst()));
            }
        });
        return Collections.unmodifiableMap(exponents);
    }

    /** Parameters that stand in any exponent. */
    public Set<String> inExponents() {
        return root.all().filter(Node.Power.class::isInstance)
                .flatMap(node -> parameters(((Node.Power) node).exponent()).stream()).collect(Collectors.toSet());
    }

    /** Parameters that are themselves a term of the sum: the loss that no scale removes. */
    public List<String> floors() {
        return floors;
    }

    /** Parameters of the terms that an input is part of. */
    public Set<String> termsOf(String input) {
        return Terms.of(root).parts().stream().filter(part -> inputs(part).contains(input))
                .flatMap(part -> parameters(part).stream()).collect(Collectors.toSet());
    }

    /** Parameters that are the factor of one term alone: what least squares can find. */
    public Set<String> coefficients() {
        return Terms.of(root).parts().stream().flatMap(term -> coefficient(term).stream()).collect(Collectors.toSet());
    }

    /** Whether two parameters meet in some term. */
    public boolean together(String one, String other) {
        return Terms.of(root).parts().stream().map(Formula::parameters)
                .anyMatch(names -> names.contains(one) && names.contains(other));
    }

    /** Whether no term has both inputs. */
    public boolean apart(String left, String right) {
        return Terms.of(root).parts().stream().map(Formula::inputs)
                .noneMatch(inputs -> inputs.contains(left) && inputs.contains(right));
    }

    /**
     * The formula with parameters replaced, such as {@code E} by {@code 0} or {@code beta} by {@code alpha}.
     *
     * @param settings what stands for each parameter, as text
     * @throws ScalingException where there is no such parameter, or what it is set to is no formula
     */
    public Formula with(Map<String, String> settings) {
        String set = text;
        List<String> names = parameters();
        for (var setting : settings.entrySet()) {
            String name = setting.getKey();
            if (!names.contains(name)) {
                throw new ScalingException("law \"" + text + "\" has no parameter '" + name + "'"
                        + Nearest.to(name, names).map(near -> ", did you mean '" + near + "'?").orElse("")
                        + "; its parameters: " + String.join(", ", names));
            }
            String value = SIMPLE.matcher(setting.getValue()).matches()
                    ? setting.getValue()
                    : "(" + setting.getValue() + ")";
            set = set.replaceAll("signed\\(" + name + "\\)|\\b" + name + "\\b", value);
        }
        return new Formula(set, withoutZeros(FormulaParser.parse(set, new LinkedHashSet<>(inputs()))));
    }

    /** A term that is set to 0 is none. */
    private static Node withoutZeros(Node node) {
        Predicate<Node> zero = part -> part instanceof Node.Number(var value) && value == 0;
        return FormulaParser.replace(node, part -> switch (part) {
            case Node.Sum(var parts) -> {
                List<Node> rest = parts.stream().filter(zero.negate()).toList();
                yield rest.size() == 1 ? rest.getFirst() : new Node.Sum(rest);
            }
            case Node.Product(var parts) when parts.stream().anyMatch(zero) -> new Node.Number(0);
            default -> part;
        });
    }

    /** The logarithm of the loss at points, as a function of the parameters in the order of a list that holds them all. */
    public Tape over(List<Point> points, List<String> parameters) {
        return tape(root, true, points, parameters);
    }

    static Tape tape(Node node, boolean log, List<Point> points, List<String> parameters) {
        List<String> inputs = inputs(node);
        double[][] logs = inputs.stream()
                .map(input -> points.stream().mapToDouble(point -> Math.log(point.at(input))).toArray())
                .toArray(double[][]::new);
        return new Tape(node, log, inputs, parameters, logs, points.size());
    }

    /** Where a term of the sum has a coefficient of its own, all such coefficients can be found by least squares. */
    Optional<String> coefficient(Node term) {
        List<Node> others = Terms.of(root).parts().stream().filter(part -> part != term).toList();
        return parameters(term).stream().filter(name -> !signed().contains(name))
                .filter(name -> others.stream().noneMatch(other -> parameters(other).contains(name)))
                .filter(name -> Terms.of(root).outer().stream().noneMatch(p -> parameters(p).contains(name)))
                .filter(name -> Terms.power(term, name).isPresent()).findFirst();
    }

    @Override
    public String toString() {
        return text;
    }
}
