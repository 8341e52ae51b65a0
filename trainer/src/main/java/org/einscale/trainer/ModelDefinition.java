package org.einscale.trainer;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import java.util.Objects;
import org.einscale.trainer.layer.ModelSpec;
import org.jspecify.annotations.Nullable;

/**
 * A model as its user wrote it: the resolved {@code model} section of a configuration, and the layers that it may name.
 * It can be kept as text beside the weights, so that a saved model can be built again. It is parsed once.
 */
public final class ModelDefinition {
    private final Config model;
    private final Config layers;
    private final ModelSpec spec;

    /**
     * @param model the {@code model} section
     * @param layers the {@code layers} section, empty if the user wrote none
     * @throws IllegalArgumentException if they cannot be read or do not fit each other
     */
    public ModelDefinition(Config model, Config layers) {
        this.model = model;
        this.layers = layers;
        this.spec = ModelSpec.of(model, layers);
    }

    /**
     * Reads what {@link #text} wrote.
     *
     * @throws IllegalArgumentException if the text is not such
     */
    public static ModelDefinition parse(String text) {
        try {
            Config root = ConfigFactory.parseString(text);
            return new ModelDefinition(root.getConfig("model"), root.getConfig("layers"));
        } catch (ConfigException e) {
            throw new IllegalArgumentException("the model's definition cannot be read: " + e.getMessage(), e);
        }
    }

    /** The same as one line of JSON with sorted keys; equal definitions have equal texts. */
    public String text() {
        return ConfigFactory.empty().withValue("model", model.root()).withValue("layers", layers.root()).root()
                .render(ConfigRenderOptions.concise());
    }

    /** The {@code model} section. */
    public Config model() {
        return model;
    }

    /** The {@code layers} section. */
    public Config layers() {
        return layers;
    }

    /** The model's layers and sizes, checked. */
    public ModelSpec spec() {
        return spec;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof ModelDefinition that && model.equals(that.model) && layers.equals(that.layers);
    }

    @Override
    public int hashCode() {
        return Objects.hash(model, layers);
    }

    @Override
    public String toString() {
        return text();
    }
}
