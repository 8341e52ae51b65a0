package org.einscale.experiments;

/**
 * Loads the JDK's vector module as the JDK loads modules on demand. Named on the command line, with {@code --add-modules},
 * it would be warned of at each start.
 */
final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {
    }

    /**
     * Does nothing where it is loaded already.
     *
     * @throws RunFailed if this JDK does not let it be loaded so
     */
    static void load() {
        if (ModuleLayer.boot().findModule(NAME).isEmpty()) {
            try {
                Class.forName("jdk.internal.module.Modules").getMethod("loadModule", String.class).invoke(null, NAME);
            } catch (ReflectiveOperationException refused) {
                throw new RunFailed("cannot load the module " + NAME + " of this JDK; "
                        + "EINSCALE_JAVA_OPTS=--add-modules=" + NAME + " does", refused);
            }
        }
    }
}
