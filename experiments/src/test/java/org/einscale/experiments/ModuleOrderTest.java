package org.einscale.experiments;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;

/** The order of the floors: each module uses only those above it in this list. */
@AnalyzeClasses(packages = "org.einscale", importOptions = ImportOption.DoNotIncludeTests.class)
class ModuleOrderTest {
    private static final String[] MODULES = {"tensor", "einsum", "sharding", "trainer", "scaling", "experiments"};

    @ArchTest
    static final ArchRule EACH_MODULE_USES_ONLY_THOSE_ABOVE_IT = order();

    @ArchTest
    static final ArchRule MODULES_HAVE_NO_CYCLES = slices().matching("org.einscale.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule ONLY_DEVICES_KNOW_AKKA = noClasses().that().resideOutsideOfPackage("..sharding.device..")
            .should().dependOnClassesThat().resideInAPackage("akka..");

    @ArchTest
    static final ArchRule ONLY_TENSORS_KNOW_BLAS = noClasses().that().resideOutsideOfPackage("org.einscale.tensor..")
            .should().dependOnClassesThat().resideInAPackage("org.bytedeco.openblas..");

    private static ArchRule order() {
        LayeredArchitecture order = layeredArchitecture().consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true);
        for (String module : MODULES) {
            order = order.layer(module).definedBy("org.einscale." + module + "..");
        }
        for (int i = 0; i < MODULES.length - 1; i++) {
            String[] below = java.util.Arrays.copyOfRange(MODULES, i + 1, MODULES.length);
            order = order.whereLayer(MODULES[i]).mayOnlyBeAccessedByLayers(below);
        }
        return order.whereLayer(MODULES[MODULES.length - 1]).mayNotBeAccessedByAnyLayer();
    }
}
