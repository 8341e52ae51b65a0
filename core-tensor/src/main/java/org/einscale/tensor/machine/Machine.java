package org.einscale.tensor.machine;

import java.nio.file.Path;
import java.util.Optional;
import org.einscale.tensor.Precision;
import org.einscale.tensor.blas.Gemm;
import org.einscale.tensor.blas.GemmRates;
import org.einscale.tensor.profile.Flags;
import org.einscale.tensor.profile.Profile;
import org.einscale.tensor.profile.Vectors;
import org.einscale.tensor.simd.Lanes;

/**
 * The machine that this runs on. Its profile is measured once, in about five seconds, and then kept in the user's cache folder,
 * as a file for each processor, kind of vectors and JVM.
 */
public final class Machine {
    private Machine() {
    }

    /** What to expect of it by the vectors it has, without measuring. */
    public static Profile typical() {
        return Profile.typical(vectors(), GemmRates.unpacks());
    }

    /** The vectors of this JVM and of its BLAS. */
    private static Vectors vectors() {
        int lanes = Flags.VECTORS ? Lanes.LANES : 1;
        return new Vectors(lanes, Vectors.registers(lanes), Gemm.lanes(Precision.FLOAT));
    }

    /** What was measured of it, now if it was not before. */
    public static Profile measured() {
        return known().orElseGet(Machine::measure);
    }

    /** What was measured of it before. */
    public static Optional<Profile> known() {
        return UserCache.read(file());
    }

    /**
     * Measures it anew on the calling thread, and keeps that. If others keep it so busy that the code to measure is not compiled
     * in time, this is what is typical, and not kept.
     */
    public static Profile measure() {
        Profile typical = typical();
        Optional<Profile> measured = new RateMeasurement(System::nanoTime, typical.rates()).rates().map(
                rates -> new Profile(Processor.name(), typical.vectors(), Processor.caches(typical.caches()), rates));
        measured.ifPresent(profile -> UserCache.write(file(), profile));
        return measured.orElse(typical);
    }

    /** Where its profile is kept. */
    public static Path file() {
        return UserCache.ofUser().file(Processor.name(), typical(), System.getProperty("java.vm.version"));
    }
}
