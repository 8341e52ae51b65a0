package org.einscale.bench.einsum;

import java.lang.reflect.InvocationTargetException;
import org.einscale.bench.peer.NumpyEinsum;
import org.einscale.bench.peer.TensorMmul;

/** Whoever is measured. A new participant is a line here. */
public enum Participant {
    /** This project. */
    EINSCALE("Einscale", EinscaleEinsum::new),
    /** libtorch's einsum by JavaCPP; on the class path only with the Maven profile "peers". */
    LIBTORCH("libtorch", () -> byName("org.einscale.bench.peer.LibtorchEinsum")),
    /** ND4J's products of tensors. */
    ND4J("ND4J", TensorMmul::new),
    /** NumPy in a child process, where there is python3 with NumPy. */
    NUMPY("NumPy", NumpyEinsum::start);

    private final String title;
    private final Factory factory;

    Participant(String title, Factory factory) {
        this.title = title;
        this.factory = factory;
    }

    /** Starts a library. */
    @FunctionalInterface
    private interface Factory {
        EinsumEngine start();
    }

    /** What it is called in tables. */
    String title() {
        return title;
    }

    /**
     * Starts it, single-threaded.
     *
     * @throws IllegalStateException if it is not installed; the message says what is missing
     */
    public EinsumEngine start() {
        return factory.start();
    }

    private static EinsumEngine byName(String className) {
        try {
            return (EinsumEngine) Class.forName(className).getConstructor().newInstance();
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "it is not on the class path; build with the Maven profile peers (mvn -Ppeers ...)",
                    e);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("it failed to start: " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(className + " has no public constructor without parameters", e);
        }
    }
}
