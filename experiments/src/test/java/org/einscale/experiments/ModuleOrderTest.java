package org.einscale.experiments;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order of the floors: each module uses only those above it in this list. */
@Tag("once")
class ModuleOrderTest {
    private static final String[] MODULES = {"tensor", "einsum", "sharding", "trainer", "scaling", "experiments"};
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("org.einscale");

    @Test
    void theClassesOfTheModulesAreLookedAt() {
        assertThat(CLASSES.contain(org.einscale.tensor.Precision.class)).isTrue();
        assertThat(CLASSES.contain(org.einscale.scaling.law.Law.class)).isTrue();
        assertThat(CLASSES.contain(Main.class)).isTrue();
    }

    @Test
    void eachModuleUsesOnlyThoseAboveIt() {
        LayeredArchitecture order = layeredArchitecture().consideringOnlyDependenciesInLayers()
                .withOptionalLayers(true);
        for (String module : MODULES) {
            order = order.layer(module).definedBy("org.einscale." + module + "..");
        }
        for (int i = 0; i < MODULES.length - 1; i++) {
            order = order.whereLayer(MODULES[i])
                    .mayOnlyBeAccessedByLayers(Arrays.copyOfRange(MODULES, i + 1, MODULES.length));
        }
        order.whereLayer(MODULES[MODULES.length - 1]).mayNotBeAccessedByAnyLayer().check(CLASSES);
    }

    @Test
    void modulesHaveNoCycles() {
        slices().matching("org.einscale.(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    /** The packages of core-tensor, each with all others that it uses. */
    @Test
    void packagesOfCoreTensorUseOnlyThoseNamed() {
        assertThat(packages("tensor")).containsExactly("""
                tensor:
                tensor.blas: tensor tensor.memory tensor.profile
                tensor.dot: tensor.memory tensor.packed tensor.packed.tile tensor.profile tensor.simd
                tensor.file:
                tensor.kernel: tensor
                tensor.kernel.scalar: tensor tensor.kernel tensor.memory tensor.random
                tensor.kernel.vector: tensor tensor.kernel tensor.kernel.scalar tensor.kernel.vector.reduction \
                tensor.memory tensor.profile tensor.random tensor.simd
                tensor.kernel.vector.reduction: tensor.kernel tensor.memory tensor.simd
                tensor.machine: tensor tensor.blas tensor.dot tensor.file tensor.kernel tensor.kernel.vector \
                tensor.packed tensor.profile tensor.simd
                tensor.memory: tensor
                tensor.packed: tensor.memory tensor.packed.tile tensor.profile tensor.simd
                tensor.packed.tile: tensor.profile tensor.simd
                tensor.profile:
                tensor.random:
                tensor.simd: tensor.memory
                """.strip().split("\n"));
        slices().matching("org.einscale.tensor.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** The packages of einsum, each with all others that it uses. */
    @Test
    void packagesOfEinsumUseOnlyThoseNamed() {
        assertThat(packages("einsum")).containsExactly(
                """
                        einsum: einsum.binding einsum.equation einsum.graph einsum.path.finder einsum.plan einsum.plan.tape einsum.program einsum.run
                        einsum.binding: einsum.equation
                        einsum.cost: einsum.pass einsum.program
                        einsum.dataflow: einsum.program
                        einsum.equation:
                        einsum.graph: einsum.binding einsum.equation einsum.program einsum.run
                        einsum.pass: einsum.dataflow einsum.path einsum.path.finder einsum.program
                        einsum.pass.gradient: einsum.pass einsum.program
                        einsum.path:
                        einsum.path.finder: einsum.path
                        einsum.plan: einsum.cost einsum.dataflow einsum.pass einsum.plan.contract einsum.plan.map einsum.plan.memory \
                        einsum.plan.product einsum.plan.reduce einsum.plan.tape einsum.program
                        einsum.plan.contract: einsum.plan.loop einsum.plan.map einsum.plan.memory einsum.plan.product \
                        einsum.plan.reduce einsum.plan.tape einsum.program
                        einsum.plan.loop:
                        einsum.plan.map: einsum.plan.loop einsum.plan.memory einsum.plan.tape einsum.program
                        einsum.plan.memory: einsum.program
                        einsum.plan.product: einsum.plan.loop einsum.plan.memory einsum.plan.tape einsum.program
                        einsum.plan.reduce: einsum.plan.loop einsum.plan.map einsum.plan.memory einsum.plan.tape einsum.program
                        einsum.plan.tape: einsum.plan.loop einsum.plan.memory einsum.program
                        einsum.program: einsum.equation
                        einsum.reference: einsum.binding einsum.program
                        einsum.run: einsum.binding einsum.dataflow einsum.equation einsum.pass einsum.pass.gradient \
                        einsum.path einsum.path.finder einsum.plan einsum.program
                        """
                        .strip().split("\n"));
        slices().matching("org.einscale.einsum.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    /** The packages of sharding, each with all others that it uses. */
    @Test
    void packagesOfShardingUseOnlyThoseNamed() {
        assertThat(packages("sharding")).containsExactly("""
                sharding:
                sharding.collective: sharding
                sharding.device: sharding sharding.collective sharding.partition sharding.pipeline sharding.wire
                sharding.partition: sharding sharding.collective
                sharding.pipeline: sharding sharding.partition
                sharding.reference: sharding sharding.partition
                sharding.search: sharding sharding.partition
                sharding.wire:
                """.strip().split("\n"));
        slices().matching("org.einscale.sharding.(**)").should().beFreeOfCycles().check(CLASSES);
    }

    private static Stream<String> packages(String module) {
        Map<String, Set<String>> used = new TreeMap<>();
        CLASSES.stream().filter(resideInAPackage("org.einscale." + module + ".."))
                .forEach(c -> c.getDirectDependenciesFromSelf()
                        .stream().map(dependency -> name(dependency.getTargetClass()))
                        .filter(target -> target.startsWith(module) && !target.equals(name(c)))
                        .forEach(used.computeIfAbsent(name(c), name -> new TreeSet<>())::add));
        return used.entrySet().stream()
                .map(e -> String.join(" ", e.getKey() + ":", String.join(" ", e.getValue())).strip());
    }

    private static String name(JavaClass type) {
        return type.getPackageName().replace("org.einscale.", "");
    }

    /** Libraries that one part alone may know, and does know. */
    @ParameterizedTest
    @CsvSource(textBlock = """
            org.bytedeco.openblas.., org.einscale.tensor.blas..
            de.siegmar.fastcsv..,    org.einscale.scaling.table..
            org.knowm.xchart..,      org.einscale.scaling.plot..
            org.apache.batik..,      org.einscale.scaling.plot..
            akka..,                  org.einscale.sharding.device..
            picocli..,               org.einscale.experiments..
            ch.qos.logback..,        org.einscale.experiments..
            """)
    void aLibraryIsKnownInOnePlace(String library, String place) {
        noClasses().that().resideOutsideOfPackage(place).should().dependOnClassesThat().resideInAPackage(library)
                .check(CLASSES);
        assertThat(CLASSES.stream().filter(resideInAPackage(place))
                .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
                .anyMatch(dependency -> resideInAPackage(library).test(dependency.getTargetClass()))).isTrue();
    }
}
