package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.einscale.einsum.program.Pointwise.apply;
import static org.einscale.einsum.program.Pointwise.combine;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;
import static org.einscale.einsum.program.ProgramBuilder.axes;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.ProgramError;
import org.einscale.einsum.program.Semiring;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.kernel.Binary;
import org.einscale.tensor.kernel.Unary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Along which names the work of an operation can be shared, and what that does to the result; and which operands may be addends:
 * {@code 0 1 01} are the first, the second, and both at once.
 */
class FormTest {
    private static final Axis I = new Axis("i");

    static Stream<Arguments> operations() {
        return Stream.of(
                of("b f l=free d=sum", "0 1", b -> b.einsum("b l d, d f -> b l f", x(b, "b l d"), x(b, "d f"))),
                of("b=free i=sum", "0 1", b -> b.einsum("b i, b i -> b", x(b, "b i"), x(b, "b i"))),
                of("j=free", "0",
                        b -> b.contract(List.of(x(b, "i k j")), List.of(List.of(I, I, new Axis("j"))), axes("j"),
                                axes("j"))),
                of("i k=free", "", b -> b.append("y", axes("i k"),
                        new Operation.Contract(List.of(x(b, "i j"), x(b, "j k")),
                                List.of(axes("i j"), axes("j k")), axes("i k"), Semiring.MAX_PLUS))),
                of("a b=free", "0 1", b -> b.multiply(x(b, "a b"), x(b, "b"))),
                of("a=free", "01", b -> b.add(x(b, "a"), x(b, "a"))),
                of("a=free", "01", b -> b.map(operand(0).minus(constant(3).times(operand(1))), x(b, "a"), x(b, "a"))),
                of("a=free", "0", b -> b.map(operand(0).over(operand(1)), x(b, "a"), x(b, "a"))),
                of("a=free", "0 1", b -> b.map(operand(0).weigh(operand(1)), x(b, "a"), x(b, "a"))),
                of("a=free", "0", b -> b.map(apply(Unary.NEGATE, operand(0)).times(apply(Unary.EXP, operand(1))),
                        x(b, "a"), x(b, "a"))),
                of("a=free", "", b -> b.map(operand(0).plus(constant(1)), x(b, "a"))),
                of("a=free", "", b -> b.map(combine(Binary.MAXIMUM, operand(0), operand(1)), x(b, "a"), x(b, "a"))),
                of("a=free", "", b -> b.map(operand(0).times(operand(0)), x(b, "a"))),
                of("b=free a=sum", "0", b -> b.reduce(Reduction.SUM, x(b, "a b"), axes("b"))),
                of("b=free a=max", "", b -> b.reduce(Reduction.MAX, x(b, "a b"), axes("b"))),
                of("b=free a=prod", "", b -> b.reduce(Reduction.PROD, x(b, "a b"), axes("b"))),
                of("b=free", "", b -> b.reduce(Reduction.MEAN, x(b, "a b"), axes("b"))),
                of("b=free", "", b -> b.reduce(Reduction.LOG_SUM_EXP, x(b, "a b"), axes("b"))),
                of("b=free", "1", b -> b.append("y", axes("a b"),
                        new Operation.ProductGradient(x(b, "a b"), x(b, "b")))),
                of("a=free", "", b -> b.softmax(x(b, "a k"), new Axis("k"))),
                of("a=free", "", b -> b.causalSoftmax(x(b, "a q k"), new Axis("k"), new Axis("q"))),
                of("a=free", "1", b -> b.append("y", axes("a q k"), new Operation.SoftmaxGradient(x(b, "a q k"),
                        x(b, "a q k"), new Axis("k"), Optional.of(new Axis("q"))))),
                of("a=free", "", b -> b.normalise(Norm.RMS, x(b, "a d"), new Axis("d"), 0.1)),
                of("a=free", "1", b -> b.append("y", axes("a d"), new Operation.NormaliseGradient(Norm.LAYER,
                        x(b, "a d"), x(b, "a d"), new Axis("d"), 0.1))),
                of("b d=free v=sum", "0", b -> b.take(x(b, "v d"), x(b, "b"), new Axis("v"))),
                of("d v=free b=sum", "1", b -> b.append("y", axes("v d"),
                        new Operation.TakeGradient(x(b, "b"), x(b, "b d"), new Axis("v")))),
                of("b=free", "", b -> b.crossEntropy(x(b, "b v"), x(b, "b"), new Axis("v"))),
                of("b=free", "2", b -> b.append("y", axes("b v"), new Operation.CrossEntropyGradient(x(b, "b v"),
                        x(b, "b"), x(b, "b"), new Axis("v")))),
                of("a=free h=even", "0", b -> b.split(x(b, "a d"), new Axis("d"), axes("h k"))),
                of("a=free h=even", "0", b -> b.merge(x(b, "a h k"), axes("h k"), new Axis("d"))),
                of("a=free", "0", b -> b.slice(x(b, "a d"), new Axis("d"), axes("r s"), 1)),
                of("a=free", "01", b -> b.concatenate(List.of(x(b, "a r"), x(b, "a s")), new Axis("d"), axes("r s"),
                        List.of(0, 1))),
                of("a=free", "", b -> b.iota(new Axis("a"))),
                of("a b=free", "", b -> b.bernoulli(0.5, 1, "mask", x(b, ""), axes("a b"))));
    }

    private static Arguments of(String shared, String linear, Consumer<ProgramBuilder> statement) {
        ProgramBuilder builder = new ProgramBuilder();
        statement.accept(builder);
        return arguments(builder.last(), shared, linear);
    }

    private static Value x(ProgramBuilder builder, String axes) {
        return builder.input("x", axes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("operations")
    void operationsAreSharedAlong(Statement statement, String shared, String linear) {
        Form form = Form.of(statement);

        assertThat(text(form)).isEqualTo(shared);
        assertThat(linear(form, statement.operation().operands().size())).isEqualTo(linear);
        assertThat(form.operands()).hasSameSizeAs(statement.operation().operands());
    }

    /** Names by role, in the order free, even, combined. */
    private static String text(Form form) {
        TreeMap<String, TreeSet<Axis>> roles = new TreeMap<>();
        form.roles().forEach((axis, role) -> roles.computeIfAbsent(switch (role) {
            case Form.Role.Free _ -> "0free";
            case Form.Role.Even _ -> "1even";
            case Form.Role.Combined(Reduction reduction) -> "2" + reduction.name().toLowerCase(Locale.ROOT);
        }, _ -> new TreeSet<>()).add(axis));
        List<String> texts = new ArrayList<>();
        roles.forEach((role, names) -> texts
                .add(String.join(" ", names.stream().map(Axis::name).toList()) + "=" + role.substring(1)));
        return String.join(" ", texts);
    }

    private static String linear(Form form, int operands) {
        List<String> sets = new ArrayList<>();
        for (int i = 0; i < operands; i++) {
            if (form.linear().test(Set.of(i))) {
                sets.add(Integer.toString(i));
            }
        }
        if (operands == 2 && form.linear().test(Set.of(0, 1))) {
            sets.add("01");
        }
        return String.join(" ", sets);
    }

    @Test
    void whatComesLaterIsRefused() {
        ProgramBuilder builder = new ProgramBuilder();
        builder.append("y", axes("a"), new Operation.Shard(x(builder, "a")));

        assertThatThrownBy(() -> Form.of(builder.last())).isInstanceOf(ProgramError.class).hasMessage(
                "y#1[a] = shard(x#0) is part of a program that was prepared to run; expected one before that");
    }
}
