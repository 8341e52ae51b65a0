package org.einscale.trainer.layer;

import com.typesafe.config.Config;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.einscale.tensor.Axis;
import org.einscale.trainer.config.Range;
import org.einscale.trainer.config.Section;

/**
 * A GPT to be built: the {@code model} section of a configuration. Its parts are the layers of {@code layers.conf} or of
 * the configuration itself.
 *
 * @param axes sizes by axis name. Of the shipped layers, d and h are needed; k is d / h and f is 4 d (for
 *        {@code swiglu} 8 d / 3 to the nearest multiple of 8) unless given. b, l and v come from the data.
 * @param layers how many times the block is repeated
 * @param block what a block does, in order. The name of a layer is a residual branch before which the input is
 *        normalised: {@code mlp} stands for the step {@code x = x + dropout(mlp(norm(x)))}. A text with {@code =} is a
 *        step as it is, such as {@code x = x + attention(norm(x)) + mlp(norm(x))}.
 * @param norm the layer that {@code norm} means, in blocks and before the head
 * @param positions how the model knows where a token stands
 * @param tied whether the head shares the embedding's table (Press and Wolf 2017)
 * @param dropout rate of {@code dropout(a)} in training, at least 0 and below 1
 * @param library the layers that may be named
 * @param parametrization how parameters start and learn at this width
 */
public record ModelSpec(SortedMap<String, Integer> axes, int layers, List<String> block, String norm,
        Positions positions, boolean tied, double dropout, Layers library, Parametrization parametrization) {

    /** How a model knows where a token stands. */
    public enum Positions {
        /** A vector for each position is added to the token's. */
        LEARNED,
        /** {@code attention} means {@code attention_rotary} (Su et al. 2021). */
        ROTARY,
        /** It does not, but for the causal mask. */
        NONE
    }

    private static final String NORM = "layer_norm";
    private static final List<String> KEYS = List.of("axes", "layers", "block", "norm", "positions", "tied", "dropout",
            "parametrization");
    /** Axes whose sizes come from the data. */
    static final List<String> RESERVED = List.of("b", "l", "v");

    public ModelSpec {
        axes = Collections.unmodifiableSortedMap(new TreeMap<>(axes));
        block = List.copyOf(block);
        Layers known = library;
        SortedMap<String, Integer> given = axes;
        axes.forEach((axis, size) -> check("model.axes." + axis, () -> axis(axis, size)));
        String named = norm;
        block.forEach(item -> check("model.block", () -> item(item, known, asBranch(given, named, known))));
        check("model.norm", () -> layer(named, known, asNorm(given, known)));
        require(layers >= 0, "model.layers is " + layers + "; expected 0 or more");
        require(dropout >= 0 && dropout < 1, "model.dropout is " + dropout + "; expected at least 0 and below 1");
    }

    /**
     * Reads a configuration. All keys but {@code axes} and {@code layers} may be absent: then the model is as GPT-2,
     * {@code block = [attention, mlp], norm = layer_norm, positions = learned, tied = true, dropout = 0}.
     *
     * @param model the section {@code model}
     * @param layers the section {@code layers}, may be empty: layers beside, or instead of, those that ship
     * @throws IllegalArgumentException if a key is unknown, a value has the wrong type, or a layer's text is malformed
     */
    public static ModelSpec of(Config model, Config layers) {
        Section keys = Section.at("model", model);
        keys.allow(KEYS, other -> of(other.toConfig(), layers));
        Section own = Section.at("layers", layers);
        Layers library = Layers.shipped().with(layers);
        List<String> block = keys.has("block") ? keys.texts("block") : List.of("attention", "mlp");
        String norm = keys.has("norm") ? keys.text("norm") : NORM;
        SortedMap<String, Integer> axes = axes(keys.section("axes"));
        block.forEach(item -> keys.reading("block", () -> item(item, library, asBranch(axes, norm, library))));
        keys.reading("norm", () -> layer(norm, library, asNorm(axes, library)));
        ModelSpec spec = new ModelSpec(axes, keys.count("layers", 0), block, norm,
                keys.has("positions") ? keys.choice("positions", Positions.class) : Positions.LEARNED,
                !keys.has("tied") || keys.flag("tied"),
                keys.has("dropout") ? keys.number("dropout", Range.belowOne()) : 0, library,
                keys.has("parametrization")
                        ? Parametrization.of(keys.section("parametrization"), axes)
                        : new Parametrization.Standard());
        own.keys().stream().sorted().forEach(name -> own.reading(name, () -> spec.reachable(name)));
        return spec;
    }

    /**
     * The same model with another size of an axis.
     *
     * @throws IllegalArgumentException if there can be no such axis
     */
    public ModelSpec with(String axis, int size) {
        SortedMap<String, Integer> sizes = new TreeMap<>(axes);
        sizes.put(axis, size);
        return new ModelSpec(sizes, layers, block, norm, positions, tied, dropout, library, parametrization);
    }

    /** The same model with another parametrization. */
    public ModelSpec with(Parametrization other) {
        return new ModelSpec(axes, layers, block, norm, positions, tied, dropout, library, other);
    }

    ModelSpec with(Layers others) {
        return new ModelSpec(axes, layers, block, norm, positions, tied, dropout, others, parametrization);
    }

    /** A layer of the user's own whose name means another layer in this model would be ignored without a word. */
    private String reachable(String name) {
        String means = aliases().getOrDefault(name, name);
        String setting = name.equals("norm") ? "norm" : name.equals("head") ? "tied" : "positions";
        require(means.equals(name), "would never be used: model." + setting + " makes '" + name + "' mean '" + means
                + "'; define layers." + means + ", or change model." + setting);
        return name;
    }

    private static SortedMap<String, Integer> axes(Section axes) {
        SortedMap<String, Integer> sizes = new TreeMap<>();
        for (String axis : axes.keys()) {
            int size = axes.count(axis, 1);
            sizes.put(axes.reading(axis, () -> axis(axis, size)), size);
        }
        return sizes;
    }

    private static String axis(String axis, int size) {
        String name = new Axis(axis).name();
        require(!RESERVED.contains(name), "comes from the data; expected other axes than b, l and v");
        require(size >= 1, "expected a size of at least 1, found " + size);
        return name;
    }

    /** An item of a block: the name of a layer, or a step. */
    private static String item(String item, Layers library, Predicate<String> works) {
        return item.contains("=") ? item : layer(item, library, works);
    }

    private static String layer(String name, Layers library, Predicate<String> works) {
        if (!library.has(name)) {
            throw new IllegalArgumentException(library.unknown(name, works));
        }
        return name;
    }

    private static Predicate<String> asBranch(SortedMap<String, Integer> axes, String norm, Layers library) {
        return layer -> builds(axes, List.of(layer), library.has(norm) ? norm : NORM, library);
    }

    private static Predicate<String> asNorm(SortedMap<String, Integer> axes, Layers library) {
        return layer -> builds(axes, List.of(), layer, library);
    }

    /** Whether there is a model of a block and norm, which for the rest is as small and plain as can be. */
    private static boolean builds(SortedMap<String, Integer> axes, List<String> block, String norm, Layers library) {
        try {
            new ModelSpec(axes, 1, block, norm, Positions.NONE, false, 0, library,
                    new Parametrization.Standard()).build(1, 2, 2, false, 0);
            return true;
        } catch (IllegalArgumentException | ArithmeticException refused) {
            return false;
        }
    }

    /** Puts the setting's path before what is wrong with it. */
    private static void check(String path, Runnable check) {
        try {
            check.run();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(path + ": " + e.getMessage(), e);
        }
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** What {@code norm}, {@code attention}, {@code embedding} and {@code head} mean in this model. */
    Map<String, String> aliases() {
        Map<String, String> aliases = new TreeMap<>(Map.of("norm", norm, "head", tied ? "head_tied" : "head"));
        switch (positions) {
            case LEARNED -> aliases.put("embedding", "embedding_learned");
            case ROTARY -> aliases.put("attention", "attention_rotary");
            case NONE -> {
            }
        }
        return aliases;
    }

    /**
     * The model's program.
     *
     * @param batch sequences that run at once
     * @param length tokens of each
     * @param vocabulary how many tokens there are
     * @param training whether dropout does anything
     * @param seed of dropout
     * @throws IllegalArgumentException if the layers do not make sense together or an axis has no size
     */
    public Model build(int batch, int length, int vocabulary, boolean training, long seed) {
        return ModelBuilder.build(this, batch, length, vocabulary,
                new LayerCompiler.Dropout(dropout, training, seed));
    }

    /** The same without dropout, with a way to look at what every layer gives. */
    public Probe probe(int batch, int length, int vocabulary) {
        return ModelBuilder.probe(this, batch, length, vocabulary);
    }
}
