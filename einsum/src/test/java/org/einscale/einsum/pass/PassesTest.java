package org.einscale.einsum.pass;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.Pointwise.constant;
import static org.einscale.einsum.program.Pointwise.operand;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Operation.Norm;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.einsum.program.Pointwise;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.tensor.Axis;
import org.einscale.tensor.kernel.Unary;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each pass makes of a program: a fusion that is lost fails here. */
class PassesTest {
    private static final Pointwise SUM = operand(0).plus(operand(1));
    private static final Pointwise EXP = Pointwise.apply(Unary.EXP, operand(0));

    static Stream<Arguments> programs() {
        return Stream.of(
                of("what nothing needs", new DeadCode(), b -> {
                    Value x = b.input("x", "a");
                    b.map(EXP, x);
                    b.output(b.map(EXP.plus(constant(1)), x));
                }, """
                        map#2[a] = exp(x#0) + 1"""),
                of("a mean", new Reductions(), b -> b.output(b.reduce(Reduction.MEAN, b.input("x", "a b"), axes("b"))),
                        """
                                sum#2[b] = sum(x#0, 'a')
                                mean#1[b] = sum#2 / size('a')"""),
                of("three factors, of which two are small", new Pairwise(), b -> {
                    Value x = b.input("x", "a b");
                    b.output(b.einsum("a b, b c, c -> a", x, b.input("w", "b c"), b.input("v", "c")));
                }, """
                        einsum#4[b] = einsum('b c, c -> b', w#1, v#2)
                        einsum#3[a] = einsum('a b, b -> a', x#0, einsum#4)"""),
                of("an axis of one factor alone", new Pairwise(), b -> b.output(
                        b.einsum("a b, b c -> b", b.input("x", "a b"), b.input("w", "b c"))), """
                                sum#3[b] = einsum('a b -> b', x#0)
                                sum#4[b] = einsum('b c -> b', w#1)
                                einsum#2[b] = einsum('b, b -> b', sum#3, sum#4)"""),
                of("positions, and what follows from them", new Hoist(), b -> {
                    Value x = b.input("x", "a");
                    Value positions = b.map(EXP, b.iota(new Axis("a")));
                    b.output(b.add(x, positions));
                }, """
                        iota#1[a] = iota('a'), once
                        map#2[a] = exp(iota#1), once
                        map#3[a] = x#0 + map#2"""),
                of("what devices make together, though of nothing that varies", new Hoist(), b -> {
                    Value positions = b.iota(new Axis("a"));
                    Value sum = b.append("sum", axes("a"), new Operation.Collective(Operation.Exchange.ALL_REDUCE,
                            Reduction.SUM, positions, List.of("x")));
                    b.output(b.map(EXP, sum));
                }, """
                        iota#0[a] = iota('a'), once
                        sum#1[a] = all_reduce(iota#0, 'x')
                        map#2[a] = exp(sum#1)"""),
                of("a product added to what is there", new AddInPlace(), b -> {
                    Value x = b.input("x", "a b");
                    Value residual = b.map(EXP, x);
                    Value product = b.einsum("a b, b c -> a c", residual, b.input("w", "b c"));
                    Value y = b.einsum("a c, b c -> a b", product, b.input("u", "b c"));
                    b.output(b.add(residual, y));
                }, """
                        map#1[a b] = exp(x#0)
                        einsum#3[a c] = einsum('a b, b c -> a c', map#1, w#2)
                        map#6[a b] = map#1 + einsum('a c, b c -> a b', einsum#3, u#4)"""),
                of("a product added to what is read again", new AddInPlace(), b -> {
                    Value residual = b.map(EXP, b.input("x", "a b"));
                    Value y = b.einsum("a b, a c, b c -> a b", residual, b.input("u", "a c"), b.input("w", "b c"));
                    b.output(b.add(residual, y));
                    b.output(residual);
                }, """
                        map#1[a b] = exp(x#0)
                        einsum#4[a b] = einsum('a b, a c, b c -> a b', map#1, u#2, w#3)
                        map#5[a b] = map#1 + einsum#4"""),
                of("a chain of sums", new AddInPlace(), b -> {
                    Value x = b.input("x", "a b");
                    Value w = b.input("w", "b b2");
                    Value one = b.einsum("a b, b c -> a c", x, w);
                    Value two = b.einsum("a b, b c -> a c", b.map(EXP, x), w);
                    Value three = b.einsum("a b, b c -> a c", b.map(EXP.negate(), x), w);
                    b.output(b.add(b.add(one, two), three));
                }, """
                        einsum#2[a c] = einsum('a b, b c -> a c', x#0, w#1)
                        map#3[a b] = exp(x#0)
                        map#7[a c] = einsum#2 + einsum('a b, b c -> a c', map#3, w#1)
                        map#5[a b] = negate(exp(x#0))
                        map#8[a c] = map#7 + einsum('a b, b c -> a c', map#5, w#1)"""),
                of("an input is nobody's to add to", new AddInPlace(), b -> {
                    Value x = b.input("x", "a b");
                    b.output(b.add(x, b.einsum("a c, c b -> a b", b.input("u", "a c"), b.input("w", "c b"))));
                }, """
                        einsum#3[a b] = einsum('a c, c b -> a b', u#1, w#2)
                        map#4[a b] = x#0 + einsum#3"""),
                of("the gradient of a norm", new AddInPlace(), b -> {
                    Value x = b.input("x", "a b");
                    Value dy = b.map(EXP, x);
                    Value residual = b.map(EXP.negate(), x);
                    Value norm = b.append("d_x", x.axes(), new Operation.NormaliseGradient(
                            Norm.RMS, x, dy, new Axis("b"), 1e-5));
                    b.output(b.add(residual, norm));
                }, """
                        map#1[a b] = exp(x#0)
                        map#2[a b] = negate(exp(x#0))
                        map#4[a b] = map#2 + rms_norm_gradient(x#0, map#1, 'b', 1.0E-5)"""),
                of("maps over one space", new FuseMaps(), b -> {
                    Value x = b.input("x", "a b");
                    Value y = b.map(EXP, x);
                    b.output(b.map(SUM, y, b.input("z", "b")));
                }, """
                        together {
                          map#1[a b] = exp(x#0), in registers
                          map#3[a b] = map#1 + z#2
                        }"""),
                of("a map that others read as well", new FuseMaps(), b -> {
                    Value x = b.input("x", "a b");
                    Value y = b.map(EXP, x);
                    b.output(b.map(EXP.negate(), y));
                    b.output(b.reduce(Reduction.SUM, y, axes("a")));
                }, """
                        together {
                          map#1[a b] = exp(x#0)
                          map#2[a b] = negate(exp(map#1))
                        }
                        sum#3[a] = sum(map#1, 'b')"""),
                of("maps over other spaces, or of what was turned", new FuseMaps(), b -> {
                    Value x = b.input("x", "a b");
                    Value y = b.map(EXP, x);
                    Value turned = b.map(operand(0), List.of(y), axes("b a"));
                    b.output(b.map(EXP, turned));
                }, """
                        map#1[a b] = exp(x#0)
                        together {
                          map#2[b a] = map#1, in registers
                          map#3[b a] = exp(map#2)
                        }"""),
                of("attention", new FuseBatches(), PassesTest::attention, """
                        together {
                          einsum#2[b h q s] = einsum('b q h k, b s h k -> b h q s', q#0, k#1)
                          softmax#3[b h q s] = causal_softmax(einsum#2, 's', 'q')
                          einsum#5[b q h k] = einsum('b h q s, b s h k -> b q h k', softmax#3, v#4)
                        }"""),
                of("attention whose heads mix", new FuseBatches(), b -> {
                    Value q = b.input("q", "b q h k");
                    Value scores = b.einsum("b q h k, b s h k -> b q s", q, b.input("k", "b s h k"));
                    Value weights = b.softmax(scores, new Axis("s"));
                    b.output(b.einsum("b q s, b s h k -> b q h k", weights, b.input("v", "b s h k")));
                }, """
                        together {
                          einsum#2[b q s] = einsum('b q h k, b s h k -> b q s', q#0, k#1)
                          softmax#3[b q s] = softmax(einsum#2, 's')
                          einsum#5[b q h k] = einsum('b q s, b s h k -> b q h k', softmax#3, v#4)
                        }"""),
                of("products of unlike batches", new FuseBatches(), b -> {
                    Value x = b.einsum("a b, b c -> a c", b.input("x", "a b"), b.input("w", "b c"));
                    b.output(b.einsum("a c, c d -> d", x, b.input("v", "c d")));
                }, """
                        einsum#2[a c] = einsum('a b, b c -> a c', x#0, w#1)
                        einsum#4[d] = einsum('a c, c d -> d', einsum#2, v#3)"""),
                of("a softmax over its scores", new Overwrite(), PassesTest::attention, """
                        einsum#2[b h q s] = einsum('b q h k, b s h k -> b h q s', q#0, k#1)
                        softmax#3[b h q s] = causal_softmax(einsum#2, 's', 'q'), over einsum#2
                        einsum#5[b q h k] = einsum('b h q s, b s h k -> b q h k', softmax#3, v#4)"""),
                of("a state", new Overwrite(), b -> {
                    Value s = b.state("s", "a b");
                    b.update(s, b.map(SUM, s, b.input("x", "a b")));
                }, """
                        map#2[a b] = s#0 + x#1, over s#0"""),
                of("a state that is read later", new Overwrite(), b -> {
                    Value s = b.state("s", "a b");
                    b.update(s, b.map(SUM, s, b.input("x", "a b")));
                    b.output(b.reduce(Reduction.SUM, s, axes("a")));
                }, """
                        map#2[a b] = s#0 + x#1
                        sum#3[a] = sum(s#0, 'b')"""),
                of("an input, and an output", new Overwrite(), b -> {
                    Value y = b.map(EXP, b.input("x", "a b"));
                    b.output(y);
                    b.output(b.map(EXP.negate(), y));
                }, """
                        map#1[a b] = exp(x#0)
                        map#2[a b] = negate(exp(map#1))"""),
                of("a value that is read again, then not", new Overwrite(), b -> {
                    Value x = b.input("x", "a b");
                    Value y = b.einsum("a b, b c -> a c", x, b.input("w", "b c"));
                    Value z = b.softmax(y, new Axis("c"));
                    b.output(b.einsum("a c, a c -> a", b.softmax(z, new Axis("c")), y));
                }, """
                        einsum#2[a c] = einsum('a b, b c -> a c', x#0, w#1)
                        softmax#3[a c] = softmax(einsum#2, 'c')
                        softmax#4[a c] = softmax(softmax#3, 'c'), over softmax#3
                        einsum#5[a] = einsum('a c, a c -> a', softmax#4, einsum#2)"""),
                of("what is seen in another order at the same time", new Overwrite(), b -> {
                    Value y = b.einsum("a b, b c -> a c", b.input("x", "a b"), b.input("w", "b c"));
                    Value halves = b.split(y, new Axis("c"), axes("e f"));
                    Value z = b.merge(halves, axes("e f"), new Axis("g"));
                    b.output(b.einsum("a c g -> a", b.map(SUM, List.of(y, z), axes("a c g"))));
                }, """
                        einsum#2[a c] = einsum('a b, b c -> a c', x#0, w#1)
                        split#3[a e f] = split(einsum#2, 'c = e f')
                        merge#4[a g] = merge(split#3, 'e f = g')
                        map#5[a c g] = einsum#2 + merge#4
                        einsum#6[a] = einsum('a c g -> a', map#5)"""));
    }

    private static void attention(ProgramBuilder b) {
        Value scores = b.einsum("b q h k, b s h k -> b h q s", b.input("q", "b q h k"), b.input("k", "b s h k"));
        Value weights = b.causalSoftmax(scores, new Axis("s"), new Axis("q"));
        b.output(b.einsum("b h q s, b s h k -> b q h k", weights, b.input("v", "b s h k")));
    }

    private static Arguments of(String what, Pass pass, Consumer<ProgramBuilder> program, String expected) {
        return Arguments.of(pass.name(), what, pass, program, expected);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("programs")
    void becomes(String name, String what, Pass pass, Consumer<ProgramBuilder> program, String expected) {
        ProgramBuilder builder = new ProgramBuilder();
        program.accept(builder);
        Context context = Context.of(Filling.sizes("a=3 b=4 c=5 b2=4 d=2 e=1 f=5 g=5 h=2 k=3 q=4 s=4"));
        String text = pass.apply(builder.build(), context).toString().lines()
                .filter(line -> !line.matches("(inputs|states|outputs|updates) .*")).collect(Collectors.joining("\n"));
        assertThat(text).isEqualTo(expected);
    }
}
