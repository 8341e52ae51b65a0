package org.einscale.bench;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Keeps a benchmark's thread, and the threads and processes that it starts from then on, on one core, so that nobody gains
 * by helpers and all share the same neighbours. The JVM's compilers stay where they are.
 */
public final class OneCore {
    /** Bytes of a set of cores: 1,024 of them. */
    private static final int SET = 128;

    private OneCore() {
    }

    /**
     * Pins the calling thread to the core that it runs on.
     *
     * @return what was done, to be printed
     */
    public static String pin() {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            return "not pinned to a core: only known on Linux";
        }
        Linker linker = Linker.nativeLinker();
        MethodHandle current = linker.downcallHandle(linker.defaultLookup().findOrThrow("sched_getcpu"),
                FunctionDescriptor.of(JAVA_INT));
        MethodHandle pin = linker.downcallHandle(linker.defaultLookup().findOrThrow("sched_setaffinity"),
                FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            int core = (int) current.invokeExact();
            MemorySegment cores = arena.allocate(SET, Long.BYTES);
            cores.set(JAVA_LONG, (long) core / Long.SIZE * Long.BYTES, 1L << core % Long.SIZE);
            int failed = (int) pin.invokeExact(0, (long) SET, cores);
            return failed == 0 ? "pinned to core " + core : "not pinned to a core: refused";
        } catch (Throwable e) {
            throw new IllegalStateException("sched_setaffinity", e);
        }
    }
}
