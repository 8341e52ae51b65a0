package org.einscale.tensor.simd;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.constant.ConstantDescs;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.util.Objects;

/**
 * Copies of a class, each with a constant of its own. C2 compiles a method once, for all that was seen of it: in a loop that
 * several functions share it calls them and makes objects of vectors. In a copy the function is a constant, and is inlined.
 */
public final class Copies {
    private Copies() {
    }

    /**
     * An object of a new copy of a class.
     *
     * @param type what the template implements
     * @param template a class of its own file with a constructor without arguments
     * @param constant what {@link #constant} gives in the copy
     */
    public static <T> T of(Class<T> type, Class<? extends T> template, Object constant) {
        String file = template.getSimpleName() + ".class";
        try (InputStream code = Objects.requireNonNull(template.getResourceAsStream(file), file)) {
            return instance(type, template, code.readAllBytes(), constant);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An object of a hidden class in the package of another class, by a constructor without arguments. */
    static <T> T instance(Class<T> type, Class<?> neighbour, byte[] code, Object constant) {
        try {
            Constructor<?> constructor = MethodHandles.privateLookupIn(neighbour, MethodHandles.lookup())
                    .defineHiddenClassWithClassData(code, constant, true).lookupClass().getDeclaredConstructor();
            constructor.setAccessible(true);
            return type.cast(constructor.newInstance());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In a template: the constant of this copy. */
    public static <C> C constant(MethodHandles.Lookup lookup, Class<C> type) {
        try {
            return MethodHandles.classData(lookup, ConstantDescs.DEFAULT_NAME, type);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
