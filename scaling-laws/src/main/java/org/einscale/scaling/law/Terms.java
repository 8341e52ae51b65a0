package org.einscale.scaling.law;

import java.util.List;
import java.util.Optional;

/**
 * A formula as a sum of terms, or as a power of one.
 *
 * @param parts the terms
 * @param outer the power that the sum is taken to, where there is one that does not depend on the inputs
 */
record Terms(List<Node> parts, Optional<Node> outer) {

    static Terms of(Node root) {
        return root instanceof Node.Power(Node.Sum(var parts), var exponent) && !exponent.varies()
                ? new Terms(parts, Optional.of(exponent))
                : new Terms(root instanceof Node.Sum(var parts) ? parts : List.of(root), Optional.empty());
    }

    /** The power with which a parameter is a factor of a term; empty where it is anything else there. */
    static Optional<Node> power(Node term, String parameter) {
        return switch (term) {
            case Node.Parameter _ -> Optional.of(new Node.Number(1));
            case Node.Product(var parts) -> {
                List<Node> holders = parts.stream().filter(part -> holds(part, parameter)).toList();
                yield holders.size() == 1 ? power(holders.getFirst(), parameter) : Optional.empty();
            }
            case Node.Power(var base, var exponent) when !holds(exponent, parameter) && !exponent.varies() ->
                power(base, parameter).map(inner -> new Node.Product(List.of(inner, exponent)));
            default -> Optional.empty();
        };
    }

    private static boolean holds(Node node, String parameter) {
        return Formula.parameters(node).contains(parameter);
    }
}
