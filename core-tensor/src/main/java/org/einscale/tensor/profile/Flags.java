package org.einscale.tensor.profile;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The flags of this JVM that decide how fast kernels are. Everything works without them; what to add is then said in one line
 * on standard error, once, unless the property {@code einscale.flags} is {@code quiet}.
 */
public final class Flags {
    /** Whether the JVM has the Vector API. Where it has not, plain kernels compute, and no class is loaded that needs it. */
    public static final boolean VECTORS = vectors();

    private static final String COMMANDS = "META-INF/einscale/compiler.commands";

    private Flags() {
    }

    /** The module may have been added by flag, or by a program that started without it. */
    private static boolean vectors() {
        try {
            Class.forName("jdk.incubator.vector.Vector", false, Flags.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Says what is missing. Called once, by the first who wants fast kernels. */
    public static void report() {
        if (!"quiet".equals(System.getProperty("einscale.flags"))) {
            missing(VECTORS, commands(), home()).ifPresent(System.err::println);
        }
    }

    /** Whether the JVM was told how to compile kernels, or is one that takes no such commands. */
    private static boolean commands() {
        HotSpotDiagnosticMXBean hotSpot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        return hotSpot == null || !value(hotSpot, "CompileCommandFile").isEmpty()
                || value(hotSpot, "CompileCommand").contains("org.einscale.");
    }

    private static String value(HotSpotDiagnosticMXBean hotSpot, String flag) {
        try {
            @Nullable
            String value = hotSpot.getVMOption(flag).getValue();
            return value == null ? "" : value;
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** The archive or folder that this class is from, which holds the commands too. */
    private static Optional<Path> home() {
        CodeSource source = Flags.class.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(source.getLocation().toURI()));
        } catch (URISyntaxException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * What to add, in one line.
     *
     * @param home
     *            archive or folder that holds the compiler's commands
     */
    static Optional<String> missing(boolean vectors, boolean commands, Optional<Path> home) {
        if (vectors && commands) {
            return Optional.empty();
        }
        StringBuilder line = new StringBuilder(vectors
                ? "einscale: kernels may be a hundred times slower than they could; add to the java command:"
                : "einscale: plain kernels compute, many times slower than those with vectors; add to the java command:");
        if (!vectors) {
            line.append(" --add-modules=jdk.incubator.vector");
        }
        if (!commands) {
            Optional<Path> folder = home.filter(Files::isDirectory);
            line.append(" -XX:CompileCommandFile=")
                    .append(folder.map(path -> path.resolve(COMMANDS).toString()).orElse(COMMANDS));
            if (folder.isEmpty()) {
                line.append(" (from: jar xf \"").append(home.map(Path::toString).orElse("core-tensor.jar"))
                        .append("\" ")
                        .append(COMMANDS).append(")");
            }
        }
        return Optional.of(line.append("; -Deinscale.flags=quiet silences this").toString());
    }
}
