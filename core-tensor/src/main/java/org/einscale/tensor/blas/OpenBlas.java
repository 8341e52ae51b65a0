package org.einscale.tensor.blas;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.Loader;
import org.einscale.tensor.memory.Raw;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The functions of the OpenBLAS library that ND4J has loaded, found where JavaCPP unpacked it, so that the process holds
 * one copy. Pointers are passed as 64-bit integers, which is the same thing in the C calling conventions of every
 * platform this runs on, and saves an object a pointer.
 */
final class OpenBlas {
    static final MethodHandle SGEMM;
    static final MethodHandle DGEMM;
    static final MethodHandle GET_THREADS;
    /** Whether this is one of the builds for AVX-512, which have a kernel for small matrices. */
    static final boolean HAS_SMALL_KERNEL;
    /** Bits of a vector in the kernels chosen, 128 where not known to be more. */
    static final int VECTOR_BITS;

    private static final Set<String> AVX_512 = Set.of("SkylakeX", "Cooperlake", "SapphireRapids");
    private static final Set<String> AVX = Set.of("Sandybridge", "Bulldozer", "Piledriver", "Steamroller", "Excavator",
            "Haswell", "Zen");

    static {
        // ND4J sets the number of BLAS threads when its BLAS wrapper starts: let it, so that it does not undo what follows.
        Nd4j.getBlasWrapper().level3();
        SymbolLookup library = SymbolLookup.libraryLookup(library(), Arena.global());
        SGEMM = gemm(library, "cblas_sgemm", JAVA_FLOAT);
        DGEMM = gemm(library, "cblas_dgemm", JAVA_DOUBLE);
        GET_THREADS = function(library, "openblas_get_num_threads", FunctionDescriptor.of(JAVA_INT));
        String core = core(library);
        HAS_SMALL_KERNEL = AVX_512.contains(core);
        VECTOR_BITS = HAS_SMALL_KERNEL ? 512 : AVX.contains(core) ? 256 : 128;
        // Devices and trials are the parallelism, one a core. BLAS threads on top of them wait for one another, which made
        // small products up to 100 times slower.
        MethodHandle setThreads = function(library, "openblas_set_num_threads", FunctionDescriptor.ofVoid(JAVA_INT));
        try {
            setThreads.invokeExact(1);
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_set_num_threads failed", e);
        }
    }

    private OpenBlas() {
    }

    private static MethodHandle gemm(SymbolLookup library, String name, ValueLayout number) {
        return function(library, name,
                FunctionDescriptor.ofVoid(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, number, JAVA_LONG,
                        JAVA_INT, JAVA_LONG, JAVA_INT, number, JAVA_LONG, JAVA_INT));
    }

    /** The name of the processor family whose kernels OpenBLAS has chosen. */
    private static String core(SymbolLookup library) {
        MethodHandle name = function(library, "openblas_get_corename", FunctionDescriptor.of(JAVA_LONG));
        try {
            return Raw.MEMORY.getString((long) name.invokeExact());
        } catch (Throwable e) {
            throw new IllegalStateException("openblas_get_corename failed", e);
        }
    }

    private static MethodHandle function(SymbolLookup library, String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(library.findOrThrow(name), descriptor);
    }

    /** The BLAS library itself, which lies beside the JNI library of the preset: libopenblas.so.0, .dylib or .dll. */
    private static Path library() {
        Path jni = Path.of(Loader.load(org.bytedeco.openblas.global.openblas_nolapack.class)).toAbsolutePath();
        Path folder = jni.resolveSibling(".").normalize();
        try (Stream<Path> files = Files.list(folder)) {
            return files
                    .filter(file -> file.getFileName().toString()
                            .matches("(lib)?openblas([._-].*)?\\.(so|dylib|dll)(\\..*)?"))
                    .sorted().findFirst()
                    .orElseThrow(() -> new IllegalStateException("no OpenBLAS library beside " + jni));
        } catch (IOException e) {
            throw new IllegalStateException("cannot look for OpenBLAS in " + folder + ": " + e.getMessage(), e);
        }
    }
}
