package org.einscale.trainer.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Statement;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Sizes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LayerCompilerTest {
    private static final Layer EMPTY = Layer.named("test").parameter("w", "d f").parameter("g", "d");

    private static final List<String> KNOWN = Stream
            .concat(Functions.names().stream(), Layers.shipped().names().stream()).distinct().toList();

    /** The statements of a layer of x [b l d]. */
    private static List<String> compile(Layer layer) {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b l d");
        LayerCompiler compiler = new LayerCompiler(builder, Layers.shipped(),
                Sizes.of(Map.of("b", 2, "l", 3, "d", 4, "h", 2)),
                new LayerCompiler.Dropout(0.5, true, 1));
        builder.output(compiler.apply(layer, "s", List.of(Pending.of(x))).value(builder, "result"));
        Program program = builder.build();
        return program.statements().stream().map(LayerCompilerTest::text).toList();
    }

    private static String text(Statement statement) {
        String operation = statement.operation() instanceof Operation.Map map
                ? map.expression().text() + " of " + String.join(" ", map.operands().stream().map(Value::name).toList())
                : statement.operation().getClass().getSimpleName();
        return statement.result().name() + Value.text(statement.result().axes()) + " = " + operation;
    }

    private static Layer layer(String... steps) {
        return Stream.of(steps).reduce(Layer.named("test").parameter("w", "d f").parameter("g", "d"), Layer::step,
                (a, b) -> b);
    }

    @Test
    void pointwiseStepsBecomeOneMap() {
        assertThat(
                compile(layer("a = einsum('b l d, d f -> b l f', x, w)", "s = silu(a * 2)", "y = x * g + sum(s, 'f')")))
                .containsExactly("s.a[b l f] = Contract", "s.s[b l f] = silu($0 * 2) of s.a",
                        "s.y[b l] = Reduce",
                        "result[b l d] = $0 * $1 + $2 of x s.g s.y");
    }

    @Test
    void composedAxesAreSplitAndMergedAroundAnEinsum() {
        assertThat(compile(Layer.named("test").step("y = einsum('... (h k) -> (h k) ...', x)"))).containsExactly(
                "split[b l h k] = Split", "s.y.parts[h k b l] = Contract", "s.y[d b l] = Merge");
        assertThat(compile(Layer.named("test").parameter("w", "d f")
                .step("y = einsum('... d, d (h k) -> ... h k', x, w)")))
                .containsExactly("split[d h k] = Split", "s.y[b l h k] = Contract");
    }

    @Test
    void fanInIsThatOfTheMatrixHoweverItIsSplit() {
        ProgramBuilder builder = new ProgramBuilder();
        Value x = builder.input("x", "b l d");
        Value w = builder.state("w", "d f");
        builder.output(builder.einsum("... (h k), (h k) f -> ... f", x, w));
        builder.output(builder.einsum("... d, d (f) -> ... f", x, w));
        Sizes sizes = Sizes.of(Map.of("d", 6, "h", 2, "k", 3, "f", 5));
        assertThat(new Fans(builder.build(), sizes).of(w)).isEqualTo(new Fan(Fan.Use.MULTIPLIED, 6, 6, 5));
    }

    @Test
    void whatIsReadTwiceIsComputedOnce() {
        assertThat(compile(layer("a = exp(x) * g", "y = a + sum(a, 'd') + sum(w, 'd f')"))).containsExactly(
                "s.a[b l d] = exp($0) * $1 of x s.g", "s.y[b l] = Reduce", "s.y[] = Reduce",
                "result[b l d] = $0 + $1 + $2 of s.a s.y s.y");
    }

    @Test
    void workOnFewAxesIsNotRepeatedOnMany() {
        assertThat(compile(layer("y = x * exp(g) + 0 * sum(w, 'f')")))
                .contains("s.y[d] = exp($0) of s.g", "result[b l d] = $0 * $1 of x s.y s.y");
    }

    @Test
    void residualDropoutAndNormOfTheNextLayerAreOneMap() {
        Layer block = Layer.named("test").step("x = x + dropout(mlp(x))").step("y = rms_norm(x)");
        assertThat(compile(block)).endsWith(
                "s.rms_norm.x[b l d] = $0 + $1 * $2 * 2 of x s.mlp.y s.dropout",
                "s.rms_norm.y[b l d] = Normalise", "result[b l d] = $0 * $1 of s.rms_norm.y s.rms_norm.gain");
    }

    @Test
    void layersAppliedTwiceHaveParametersOfTheirOwn() {
        ProgramBuilder builder = new ProgramBuilder();
        LayerCompiler compiler = new LayerCompiler(builder, Layers.shipped(), Sizes.of(Map.of("d", 4)),
                new LayerCompiler.Dropout(0, true, 1));
        compiler.apply(Layer.named("test").step("y = mlp(mlp(x))"), "s",
                List.of(Pending.of(builder.input("x", "b l d"))));
        assertThat(compiler.parameters().keySet()).containsExactly("s.mlp.up", "s.mlp.down", "s.mlp_2.up",
                "s.mlp_2.down");
    }

    @Test
    void aLayerNamedLikeASecondUseHasParametersOfItsOwn() {
        ProgramBuilder builder = new ProgramBuilder();
        Layers layers = Layers.shipped().with(ConfigFactory.parseString("""
                mlp_2 { parameters { up = "d" }, steps = ["y = x * up"] }
                mlp_2_2 { parameters { up = "d" }, steps = ["y = x * up"] }"""));
        LayerCompiler compiler = new LayerCompiler(builder, layers, Sizes.of(Map.of("d", 4)),
                new LayerCompiler.Dropout(0, true, 1));
        Layer test = Layer.named("test").step("a = mlp(mlp(x))").step("b = mlp_2(mlp_2(mlp(x)))")
                .step("y = a * mlp_2_2(b)");
        compiler.apply(test, "s", List.of(Pending.of(builder.input("x", "b l d"))));
        assertThat(compiler.parameters().keySet()).containsExactly("s.mlp.up", "s.mlp.down", "s.mlp_3.up",
                "s.mlp_3.down", "s.mlp_4.up", "s.mlp_4.down", "s.mlp_2.up", "s.mlp_2_3.up", "s.mlp_2_2.up");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        // step                                      | position | problem
        "y = z + w + g                               | 4  | there is no 'z' here; known are g, w, x",
        "y = gleu(x) + w + g                         | 4  | there is no operation or layer 'gleu'; there are KNOWN; did you mean 'gelu'?",
        "y = atention(x) + w + g                     | 4  | there is no operation or layer 'atention'; there are KNOWN; did you mean 'attention'?",
        "y = cumsum(x, 'l') + w + g                  | 4  | there is no operation or layer 'cumsum'; there are KNOWN",
        "y = attention(x, 'l') + w + g               | 4  | layer 'attention' takes (x); found 2 arguments",
        "y = attention('l') + w + g                  | 14 | axes in quotes stand only as an argument of an operation",
        "y = power(x, 'd') + w + g                   | 13 | found axes in quotes where a value stands; expected power(a, b)",
        "y = gelu('d') + w + g                       | 9  | found axes in quotes where a value stands; expected gelu(a)",
        "y = gelu(x, g) + w                          | 4  | found 2 arguments; expected gelu(a)",
        "y = max(x)                                  | 4  | found 1 argument; expected max(a, b) or max(a, 'd')",
        "y = softmax(x)                              | 4  | found 1 argument; expected softmax(a, 'm')",
        "y = softmax(x, 'dd')                        | 4  | softmax: 'x' [b l d] has no axis 'dd'; did you mean 'd'?",
        "y = sum(x, 'd q')                           | 4  | sum: 'x' [b l d] has no axis 'q'",
        // What is advised works; where nothing does, nothing is advised.
        "y = einsum('b l d, d f -> b l f', x, ww)    | 37 | there is no 'ww' here; known are g, w, x; did you mean 'w'?",
        "y = einsum('b l d, d f -> b l f', x, gg)    | 37 | there is no 'gg' here; known are g, w, x",
        "y = maxx(x, g) + w                          | 4  | there is no operation or layer 'maxx'; there are KNOWN; did you mean 'max'?",
        "y = maxx(x, 'd') + w + g                    | 4  | there is no operation or layer 'maxx'; there are KNOWN; did you mean 'max'?",
        "y = maxx(x) + w + g                         | 4  | there is no operation or layer 'maxx'; there are KNOWN",
        "y = mpl(x) + w + g                          | 4  | there is no operation or layer 'mpl'; there are KNOWN; did you mean 'mlp'?",
        "y = mpl(x, g) + w                           | 4  | there is no operation or layer 'mpl'; there are KNOWN",
        "y = sum(x, 'b dd')                          | 4  | sum: 'x' [b l d] has no axis 'dd'; did you mean 'd'?",
        "y = sum(x, 'd dd')                          | 4  | sum: 'x' [b l d] has no axis 'dd'",
        "y = causal_softmax(x, 'd', 'll')            | 4  | causal_softmax: 'x' [b l d] has no axis 'll'; did you mean 'l'?",
        "y = causal_softmax(x, 'l', 'll')            | 4  | causal_softmax: 'x' [b l d] has no axis 'll'",
        "y = split(x, 'dd = h k')                    | 4  | split: 'x' [b l d] has no axis 'dd'; did you mean 'd'?",
        "y = split(x, 'll = h k')                    | 4  | split: 'x' [b l d] has no axis 'll'",
        "y = merge(x, 'l dd = q')                    | 4  | merge: 'x' [b l d] has no axis 'dd'; did you mean 'd'?",
        "y = merge(x, 'b dd = q')                    | 4  | merge: 'x' [b l d] has no axis 'dd'",
        "y = concatenate(x, x, 'e = dd + d')         | 4  | concatenate: 'x' [b l d] has no axis 'dd'; did you mean 'd'?",
        "y = concatenate(x, x, 'e = dd + l')         | 4  | concatenate: 'x' [b l d] has no axis 'dd'",
        "y = take(w, sum(w, 'd'), 'dd') + g          | 4  | take: 's.w' [d f] has no axis 'dd'",
        "y = take(w, sum(x, 'd'), 'dd') + g          | 4  | take: 's.w' [d f] has no axis 'dd'; did you mean 'd'?",
        "y = sum(x, 'd d')                           | 4  | sum: axis 'd' stands twice; expected once",
        "y = softmax(x, 'd l')                       | 16 | found 2 axes where one stands; expected softmax(a, 'm')",
        "y = layer_norm(x, 'd', g)                   | 23 | found something else where a number stands; expected layer_norm(a, 'd')",
        "y = einsum('b l d, d f - b l f', x, w)      | 23 | einsum: found '-'; expected a name (a letter, then letters, digits or underscores), ',' or '->'",
        "y = einsum('b l d, d f -> b l g', x, w)     | 30 | einsum: output axis 'g' is in no operand's term; known are b, l, d, f",
        "y = einsum('b l d, d f -> b l f', x)        | 4  | einsum has 2 terms for 1 operands",
        "y = einsum('b d, d f -> b f', x, w)         | 4  | operand 0, 'x' [b l d], has 3 axes, but its term [b d] names 2",
        "y = einsum('... d, d 1 -> ... d', x, w)     | 21 | einsum: found the axis 1, which a program's values do not have",
        "y = einsum('... d, d -> ... d', x, w)       | 19 | einsum: operand 1, 's.w' [d f], has 2 axes, but its term [d] names 1",
        "y = einsum(x, w)                            | 11 | found something else where axes in quotes stand; expected einsum('b l d, d f -> b l f', a, b)",
        "y = x + 'd'                                 | 8  | axes in quotes stand only as an argument of an operation",
        "y = split(x, 'd')                           | 14 | found 'd' where an equality of axes stands; expected split(a, 'd = h k')",
        "y = slice(x, 'd = r + r', 2)                | 26 | found part 2 of 2, counted from 0; expected slice(a, 'k = r + r', 0)",
        "y = concatenate(x, x, 'd = r')              | 23 | found 2 values for 1 parts; expected concatenate(a, b, 'k = r + r')",
        "y = merge(x, 'b d = q')                     | 4  | axes [b d] do not stand in [b l d]",
        "y = dropout(x, 1)                           | 15 | found the rate 1.0, which is not in [0, 1); expected dropout(a) or dropout(a, 0.1)",
        "y = mlp(x, x)                               | 4  | layer 'mlp' takes (x); found 2 arguments",
    })
    void errorsPointAtThePlace(String step, int position, String problem) {
        assertThatThrownBy(() -> compile(EMPTY.step(step)))
                .hasMessage("layer 'test': " + problem.replace("KNOWN", String.join(", ", KNOWN)) + "\n    " + step
                        + "\n    " + " ".repeat(position) + "^");
    }

    @Test
    void forgottenPartsAreRefused() {
        assertThatThrownBy(() -> compile(layer("y = x * g"))).hasMessage("layer 'test': parameter 'w' is never used");
        assertThatThrownBy(() -> compile(layer("a = x * g", "b = exp(a)", "y = sum(w, 'f') + x")))
                .hasMessageStartingWith(
                        "layer 'test': 'b' is never used; remove the step, or call the layer's result y");
        assertThatThrownBy(() -> layer("w = x"))
                .hasMessageStartingWith("layer 'test': 'w' is a parameter; give the step another name");
        assertThatThrownBy(() -> compile(Layer.named("test")))
                .hasMessage("layer 'test' has no steps; expected at least one");
    }

    @Test
    void aLayerCannotApplyItself() {
        Layers layers = Layers.shipped().with(ConfigFactory.parseString("again { steps = [\"y = again(x)\"] }"));
        ProgramBuilder builder = new ProgramBuilder();
        LayerCompiler compiler = new LayerCompiler(builder, layers, Sizes.of(Map.of()),
                new LayerCompiler.Dropout(0, true, 1));
        assertThatThrownBy(() -> compiler.apply(layers.of("again"), "s", List.of(Pending.of(builder.input("x", "d")))))
                .hasMessage("layer 'again' applies itself");
    }
}
