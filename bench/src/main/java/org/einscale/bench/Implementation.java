package org.einscale.bench;

import java.lang.reflect.InvocationTargetException;
import java.util.Map;
import org.einscale.bench.peer.SameDiffGpt;

/** Whoever is measured. A new implementation is a line here. */
public enum Implementation {
    /** The shipped GPT, compiled by this project. */
    EINSCALE(EinscaleGpt::new),
    /** libtorch by JavaCPP; on the class path only with the Maven profile "peers". */
    LIBTORCH(byName("org.einscale.bench.peer.LibtorchGpt")),
    /** ND4J's automatic differentiation. */
    SAMEDIFF(SameDiffGpt::new);

    private final Factory factory;

    Implementation(Factory factory) {
        this.factory = factory;
    }

    /** Makes a runner from initial weights. */
    @FunctionalInterface
    public interface Factory {
        /** A runner whose parameters are those of {@link GptShapes}; the arrays are copied. */
        StepRunner open(ModelSize size, Map<String, float[]> weights);
    }

    /**
     * A runner that starts from the given weights, which are copied.
     *
     * @throws IllegalStateException if this implementation is not on the class path
     */
    public StepRunner open(ModelSize size, Map<String, float[]> weights) {
        return factory.open(size, weights);
    }

    private static Factory byName(String className) {
        return (size, weights) -> {
            try {
                return (StepRunner) Class.forName(className).getConstructor(ModelSize.class, Map.class)
                        .newInstance(size, weights);
            } catch (ClassNotFoundException e) {
                throw new IllegalStateException(
                        className + " is not on the class path: build with the Maven profile peers (mvn -Ppeers ...)",
                        e);
            } catch (InvocationTargetException e) {
                throw new IllegalStateException(className + " failed to start: " + e.getCause(), e);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(className + " has no constructor (ModelSize, Map)", e);
            }
        };
    }
}
