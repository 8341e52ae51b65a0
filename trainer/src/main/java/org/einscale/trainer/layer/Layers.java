package org.einscale.trainer.layer;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.einscale.tensor.Nearest;
import org.einscale.trainer.config.Section;

/**
 * Layers by name.
 *
 * @param byName name to layer
 */
public record Layers(SortedMap<String, Layer> byName) {
    private static final Layers SHIPPED = read("/layers.conf");

    public Layers {
        byName = Collections.unmodifiableSortedMap(new TreeMap<>(byName));
        byName.keySet().forEach(Layers::checked);
    }

    /** A layer may be called like an operation, whose arguments tell them apart, but not like a pointwise function. */
    private static String checked(String name) {
        if (!name.matches("\\p{L}[\\p{L}\\d_]*")) {
            throw new IllegalArgumentException(
                    "layer name '" + name + "': expected a letter, then letters, digits and '_'");
        }
        if (Functions.UNARY.containsKey(name) || Functions.BINARY.containsKey(name) || name.equals("dropout")) {
            throw new IllegalArgumentException("a layer cannot be called '" + name + "': that is a function");
        }
        return name;
    }

    /** The layers that ship, those of the resource {@code layers.conf}. */
    public static Layers shipped() {
        return SHIPPED;
    }

    private static Layers read(String resource) {
        InputStream file = Objects.requireNonNull(Layers.class.getResourceAsStream(resource));
        try (Reader reader = new InputStreamReader(file, StandardCharsets.UTF_8)) {
            return new Layers(new TreeMap<>()).with(ConfigFactory.parseReader(reader).getConfig("layers"));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /**
     * These layers and those of a configuration's {@code layers} section, which replace layers of the same name.
     *
     * @throws IllegalArgumentException if a section is not a layer
     */
    public Layers with(Config layers) {
        SortedMap<String, Layer> more = new TreeMap<>(byName);
        Section section = Section.at("layers", layers);
        for (String name : section.keys()) {
            more.put(section.reading(name, () -> checked(name)), Layer.of(name, section.section(name)));
        }
        return new Layers(more);
    }

    /** These layers and one more, which replaces a layer of the same name. */
    public Layers with(Layer layer) {
        SortedMap<String, Layer> more = new TreeMap<>(byName);
        more.put(layer.name(), layer);
        return new Layers(more);
    }

    /** These layers with another in the place of one, by whatever names that goes. */
    Layers with(Layer layer, Layer other) {
        SortedMap<String, Layer> changed = new TreeMap<>(byName);
        changed.replaceAll((_, each) -> each.equals(layer) ? other : each);
        return new Layers(changed);
    }

    /** These layers, with some reachable by other names too. */
    Layers alias(Map<String, String> aliases) {
        SortedMap<String, Layer> more = new TreeMap<>(byName);
        aliases.forEach((alias, name) -> more.put(alias, of(name)));
        return new Layers(more);
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    /**
     * A layer by name.
     *
     * @throws IllegalArgumentException if there is none, naming the nearest
     */
    public Layer of(String name) {
        Layer layer = byName.get(name);
        if (layer == null) {
            throw new IllegalArgumentException(unknown(name, _ -> true));
        }
        return layer;
    }

    /**
     * What is wrong with the name of a layer that there is not.
     *
     * @param works tries another in its place
     */
    String unknown(String name, Predicate<String> works) {
        return "there is no layer '" + name + "'; expected one of " + String.join(", ", names())
                + Nearest.to(name, names(), works).map(near -> "; did you mean '" + near + "'?").orElse("");
    }

    Collection<String> names() {
        return byName.keySet();
    }
}
