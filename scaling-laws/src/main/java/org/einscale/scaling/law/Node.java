package org.einscale.scaling.law;

import java.util.List;
import java.util.stream.Stream;

/** A part of a formula. Equal parts are equal records, so that a part that is written twice is computed once. */
sealed interface Node {

    /** A number as written. */
    record Number(double value) implements Node {}

    /** An input, such as {@code n}; positive, or 0. */
    record Input(String name) implements Node {}

    /** Something to be fitted: positive, unless it is of either sign. */
    record Parameter(String name, boolean signed) implements Node {}

    /** A sum. */
    record Sum(List<Node> parts) implements Node {}

    /** A product. */
    record Product(List<Node> parts) implements Node {}

    /** {@code base ^ exponent} of a base above 0. */
    record Power(Node base, Node exponent) implements Node {}

    /** {@code exp(of)}. */
    record Exp(Node of) implements Node {}

    /** {@code log(of)}, to the base e. */
    record Log(Node of) implements Node {}

    /** The smaller of two, or the larger. */
    record Choice(boolean least, Node left, Node right) implements Node {}

    /** The parts that this one is made of. */
    default List<Node> parts() {
        return switch (this) {
            case Number _,Input _,Parameter _ -> List.of();
            case Sum(var parts) -> parts;
            case Product(var parts) -> parts;
            case Power(var base, var exponent) -> List.of(base, exponent);
            case Exp(var of) -> List.of(of);
            case Log(var of) -> List.of(of);
            case Choice(_, var left, var right) -> List.of(left, right);
        };
    }

    /** This part and all below it, in the order in which they are written. */
    default Stream<Node> all() {
        return Stream.concat(Stream.of(this), parts().stream().flatMap(Node::all));
    }

    /** Whether it depends on an input. */
    default boolean varies() {
        return all().anyMatch(Input.class::isInstance);
    }

    /** Whether it is above 0 whatever the inputs and parameters, as far as its form tells. */
    default boolean positive() {
        return switch (this) {
            case Number(var value) -> value > 0;
            case Input _,Exp _,Power _ -> true;
            case Parameter(_, var signed) -> !signed;
            case Log _ -> false;
            case Sum _,Product _,Choice _ -> parts().stream().allMatch(Node::positive);
        };
    }
}
