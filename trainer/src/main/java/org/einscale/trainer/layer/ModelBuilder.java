package org.einscale.trainer.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.SizeInference;
import org.einscale.einsum.program.Value;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Nearest;
import org.einscale.tensor.Sizes;

/** Embedding, blocks, norm, head, loss: puts the layers of a {@link ModelSpec} together. */
final class ModelBuilder {
    private static final Axis VOCABULARY = new Axis("v");

    private final ModelSpec spec;
    private final ProgramBuilder builder = new ProgramBuilder();
    private final Layers layers;
    private final LayerCompiler compiler;

    ModelBuilder(ModelSpec spec, int batch, int length, int vocabulary, LayerCompiler.Dropout dropout) {
        this.spec = spec;
        this.layers = spec.library().alias(spec.aliases());
        TreeMap<String, Integer> sizes = new TreeMap<>(spec.axes());
        sizes.put("b", batch);
        sizes.put("l", length);
        sizes.put("v", vocabulary);
        this.compiler = new LayerCompiler(builder, layers, Sizes.of(sizes), dropout);
    }

    Model build() {
        Value tokens = builder.input("tokens", "b l");
        Value targets = builder.input("targets", "b l");
        Term x = compiler.apply(layers.of("embedding"), "embedding", List.of(Term.of(tokens)));
        Layer block = block();
        for (int i = 0; i < spec.layers() && !block.steps().isEmpty(); i++) {
            x = requireAxes(x.axes(), compiler.apply(block, "block." + i, List.of(x)));
        }
        x = compiler.apply(layers.of("norm"), "norm", List.of(x));
        Value logits = head(x).value(builder, "logits");
        Value losses = builder.crossEntropy(logits, targets, VOCABULARY);
        Value loss = builder.append("loss", List.of(), new Operation.Reduce(Operation.Reduction.MEAN, losses));
        builder.output(logits);
        builder.output(loss);
        checkParameterAxes();
        Program program = builder.build();
        Sizes sizes = SizeInference.infer(program, compiler.sizes());
        return new Model(program, sizes, tokens, targets, compiler.dropoutStep(), logits, loss,
                parameters(program, sizes));
    }

    private static Term requireAxes(List<Axis> expected, Term x) {
        if (!x.axes().equals(expected)) {
            throw new IllegalArgumentException("model.block: the block takes " + Value.text(expected) + ", but gives "
                    + Value.text(x.axes()) + "; expected the same axes in the same order");
        }
        return x;
    }

    /** The block as one layer; see {@link ModelSpec#block()}. */
    private Layer block() {
        Layer block = Layer.named("block");
        for (String item : spec.block()) {
            block = block.step(item.contains("=") ? item : "x = x + dropout(" + item + "(norm(x)))");
        }
        return block;
    }

    private Term head(Term x) {
        if (!spec.tied()) {
            return compiler.apply(layers.of("head"), "head", List.of(x));
        }
        LayerCompiler.Declared table = compiler.parameters().get("embedding.tokens");
        if (table == null) {
            throw new IllegalArgumentException(
                    "model.tied: layer 'embedding' has no parameter 'tokens' to share; expected tied = false");
        }
        return compiler.apply(layers.of("head"), "head", List.of(x, Term.of(table.value())));
    }

    private void checkParameterAxes() {
        Sizes sizes = compiler.sizes();
        for (LayerCompiler.Declared declared : compiler.parameters().values()) {
            for (Axis axis : declared.value().axes()) {
                if (!sizes.has(axis)) {
                    String hint = Nearest.to(axis.name(), sizes.axes().stream().map(Axis::name).toList())
                            .map(near -> ", or did you mean '" + near + "'?").orElse("");
                    throw new IllegalArgumentException("axis '" + axis + "' of parameter " + declared.value().name()
                            + " "
                            + Value.text(declared.value().axes()) + " has no size; give model.axes." + axis + hint);
                }
            }
        }
    }

    private List<Parameter> parameters(Program program, Sizes sizes) {
        FanIn fanIn = new FanIn(program, sizes);
        double residual = 1 / Math.sqrt(Math.max(1, spec.layers() * spec.block().size()));
        List<Parameter> parameters = new ArrayList<>();
        for (LayerCompiler.Declared declared : compiler.parameters().values()) {
            Declaration declaration = declared.declaration();
            Initialiser start = declaration.initialiser()
                    .orElseGet(() -> Declaration.byUse(fanIn.of(declared.value())));
            parameters.add(new Parameter(declared.value(), declaration.residual() ? start.times(residual) : start,
                    declaration.embedding()));
        }
        return parameters;
    }
}
