package org.einscale.trainer.layer;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What a model is compared with: the same of other sizes, in the standard parametrization.
 *
 * @param fans what its parameters connect, by name
 * @param scores what its {@code attention_scale}s sum over, by place
 */
record BaseModel(Map<String, Fan> fans, Map<String, Long> scores) {

    /** Of a parameter, which the model and its base have both. */
    Fan fan(String parameter) {
        return Objects.requireNonNull(fans.get(parameter));
    }

    /**
     * The base that a parametrization asks for.
     *
     * @param build from a spec
     * @throws IllegalArgumentException if there is no such model, naming a width at which there is one
     */
    static Optional<BaseModel> of(ModelSpec spec, Function<ModelSpec, BaseModel> build) {
        return switch (spec.parametrization()) {
            case Parametrization.Standard _ -> Optional.empty();
            case Parametrization.MaximalUpdate mup -> {
                try {
                    yield Optional.of(build.apply(at(spec, mup.base())));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException(problem(spec, mup, build, e), e);
                }
            }
        };
    }

    private static String problem(ModelSpec spec, Parametrization.MaximalUpdate mup,
            Function<ModelSpec, BaseModel> build, IllegalArgumentException found) {
        Optional<String> ofTheModel = refusal(spec, spec.axes(), build);
        return ofTheModel.orElseGet(() -> "model.parametrization: there is no model at the base, " + mup.text()
                + nearest(spec, mup, build).map(width -> "; expected another, such as base-width = " + width).orElse("")
                + ": " + found.getMessage());
    }

    /** Why there is no model of these sizes, empty if there is one. */
    private static Optional<String> refusal(ModelSpec spec, SortedMap<String, Integer> sizes,
            Function<ModelSpec, BaseModel> build) {
        try {
            return Optional.of(build.apply(at(spec, sizes))).flatMap(_ -> Optional.empty());
        } catch (IllegalArgumentException refused) {
            return Optional.of(String.valueOf(refused.getMessage()));
        }
    }

    private static ModelSpec at(ModelSpec spec, SortedMap<String, Integer> sizes) {
        ModelSpec base = spec.with(new Parametrization.Standard());
        for (Map.Entry<String, Integer> axis : sizes.entrySet()) {
            base = base.with(axis.getKey(), axis.getValue());
        }
        return base;
    }

    private static Optional<Integer> nearest(ModelSpec spec, Parametrization.MaximalUpdate mup,
            Function<ModelSpec, BaseModel> build) {
        int asked = Objects.requireNonNull(mup.base().get(Parametrization.WIDTH));
        List<Integer> widths = IntStream.rangeClosed(Math.max(1, asked / 2), 2 * asked).boxed()
                .sorted(Comparator.comparingInt(width -> Math.abs(width - asked))).toList();
        return widths.stream().filter(width -> {
            SortedMap<String, Integer> sizes = new TreeMap<>(mup.base());
            sizes.put(Parametrization.WIDTH, width);
            return refusal(spec, sizes, build).isEmpty();
        }).findFirst();
    }
}
