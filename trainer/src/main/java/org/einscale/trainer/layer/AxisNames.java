package org.einscale.trainer.layer;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Sizes;

/**
 * The axes that a model's program has for the names that layers write. Axes of one name and size are one axis; of one name
 * and different sizes they are different axes, each called after its size too, such as {@code f_88} and {@code f_128}.
 *
 * <p>What is learned too late, such as that a name has a second size, is kept and {@link Again} thrown: compiling starts
 * anew and knows better. So names do not depend on the order of layers.
 */
final class AxisNames {

    /** Compile anew; more is known now. */
    static final class Again extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Again() {
            super("compile again", null, false, false);
        }
    }

    private final Sizes given;
    private final boolean trial;
    private final Set<String> several = new HashSet<>();
    private final Set<String> written = new HashSet<>();
    private final Map<String, Integer> learned = new HashMap<>();
    private final Map<Axis, String> names = new HashMap<>();
    /** Axes that have no size yet, to what identifies them from one attempt to the next. */
    private final Map<Axis, String> open = new HashMap<>();
    private Sizes sizes;

    /** @param given sizes that the model has before any layer */
    AxisNames(Sizes given) {
        this(given, false);
    }

    private AxisNames(Sizes given, boolean trial) {
        this.given = given;
        this.trial = trial;
        this.sizes = given;
        given.axes().forEach(axis -> written.add(axis.name()));
    }

    /** Forgets all but what was learned. */
    void restart() {
        names.clear();
        open.clear();
        sizes = given;
    }

    /**
     * Whether something compiles with what is known by now, of which it gets a copy. Within such a trial nothing is tried:
     * what goes wrong there is told to nobody.
     */
    boolean allow(Consumer<AxisNames> attempt) {
        if (trial) {
            return false;
        }
        AxisNames copy = new AxisNames(given, true);
        copy.several.addAll(several);
        copy.written.addAll(written);
        copy.learned.putAll(learned);
        copy.names.putAll(names);
        copy.open.putAll(open);
        copy.sizes = sizes;
        try {
            attempt.accept(copy);
            return true;
        } catch (IllegalArgumentException | ArithmeticException | Again refused) {
            return false;
        }
    }

    /** Sizes known so far. */
    Sizes sizes() {
        return sizes;
    }

    /** Whether the model itself gives the axis of this name a size. */
    boolean isGiven(String name) {
        return given.axes().stream().anyMatch(axis -> axis.name().equals(name));
    }

    OptionalInt size(Axis axis) {
        return sizes.has(axis) ? OptionalInt.of(sizes.of(axis)) : OptionalInt.empty();
    }

    /** How layers write the axis. */
    String name(Axis axis) {
        return names.getOrDefault(axis, axis.name());
    }

    /** The axis that layers write so, if it is among them. */
    Optional<Axis> among(List<Axis> axes, String name) {
        return axes.stream().filter(axis -> name(axis).equals(name)).findFirst();
    }

    /** Axes as layers write them: {@code [b l d]}. */
    String text(List<Axis> axes) {
        return axes.stream().map(this::name).collect(Collectors.joining(" ", "[", "]"));
    }

    /** The axis of a name and size that layers make: never one that the model gives. */
    Axis made(String name, int size) {
        Axis plain = new Axis(name);
        if (!qualified(name) && sizes.has(plain) && sizes.of(plain) != size) {
            several.add(name);
            throw new Again();
        }
        Axis axis = qualified(name) ? unlike(name + "_" + size) : plain;
        write(axis, name);
        sizes = sizes.with(axis, size);
        return axis;
    }

    /** The axis of a name that has no size yet in the place that asks for it. */
    Axis open(String name, String place) {
        String key = place + " " + name;
        Integer size = learned.get(key);
        if (size != null) {
            return made(name, size);
        }
        Axis axis = qualified(name) ? unlike(name + "_" + open.size() + "_") : new Axis(name);
        write(axis, name);
        open.put(axis, key);
        return axis;
    }

    /** Gives the axis the size; false if it has another. */
    boolean settle(Axis axis, int size) {
        String key = open.get(axis);
        boolean qualified = qualified(name(axis));
        if (sizes.has(axis) && (key == null || qualified || sizes.of(axis) == size)) {
            return sizes.of(axis) == size;
        }
        if (sizes.has(axis)) {
            several.add(name(axis));
            throw new Again();
        }
        if (key != null && qualified) {
            learned.put(key, size);
            throw new Again();
        }
        sizes = sizes.with(axis, size);
        return true;
    }

    /** Two axes of one name meet: if one of them had no size when it was named, it is the other. */
    void meet(Axis left, Axis right) {
        if (sizes.has(left)) {
            settle(right, sizes.of(left));
        } else if (sizes.has(right)) {
            settle(left, sizes.of(right));
        }
    }

    String sizeText(Axis axis) {
        return sizes.has(axis) ? String.valueOf(sizes.of(axis)) : "unknown size";
    }

    /** Keeps axes from being called like a name that a layer writes. */
    void reserve(String name) {
        written.add(name);
        if (!name(new Axis(name)).equals(name)) {
            throw new Again();
        }
    }

    private void write(Axis axis, String name) {
        reserve(name);
        names.put(axis, name);
    }

    private boolean qualified(String name) {
        return several.contains(name) || isGiven(name);
    }

    /** An axis that no layer writes so. */
    private Axis unlike(String name) {
        return written.contains(name) ? unlike(name + "_") : new Axis(name);
    }
}
