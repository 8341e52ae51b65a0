package org.einscale.sharding.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.einscale.einsum.pass.Context;
import org.einscale.einsum.plan.RandomPrograms;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Network;
import org.einscale.sharding.Rules;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.partition.Partition;
import org.einscale.sharding.reference.Lockstep;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Actors come to what the same program comes to when one thread runs all devices. */
class LocalMeshTest {

    @Tag("once")
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"x=2 | a0=x, a1=x", "x=4 | a2=x, a3=x", "x=2,y=3 | a0=x, a1=y, a3=x+y",
        "x=2,y=2,z=2 | a0=x+y, a1=z, a2=y", "x=16 | a4=x"})
    void randomProgramsAreAsInOneThread(String mesh, String rules) {
        int compared = 0;
        for (long seed = 1; seed <= 12; seed++) {
            RandomPrograms.Sample sample = RandomPrograms.withGradient(seed);
            Mesh devices = Mesh.of(mesh);
            Partition partition;
            try {
                partition = Partition.of(sample.program(), Context.of(sample.sizes()),
                        new Splitting(Rules.of(devices, rules), true, Network.LOCAL), Set.of());
            } catch (org.einscale.sharding.ShardingError e) {
                continue;
            }
            if (!Filling.possible(sample.program(), sample.sizes())) {
                continue;
            }
            Map<Value, INDArray> given = Filling.of(sample.program(), sample.sizes(), seed);
            Map<Value, INDArray> right = new Lockstep(partition, given).run();
            try (LocalMesh local = new LocalMesh(partition, Precision.DOUBLE, Machine.typical())) {
                given.forEach(local::write);
                local.run();
                for (Value value : right.keySet()) {
                    INDArray expected = Objects.requireNonNull(right.get(value));
                    INDArray found = local.read(value);
                    assertThat(close(found, expected)).as("%s of program %d on %s%n%s%n%s%n%s", value, seed, mesh,
                            partition.local(), expected, found).isTrue();
                    compared++;
                }
            }
        }
        assertThat(compared).isGreaterThan(5);
    }

    private static boolean close(INDArray a, INDArray b) {
        if (a.length() == 0) {
            return b.length() == 0;
        }
        double[] x = a.dup('c').data().asDouble();
        double[] y = b.dup('c').data().asDouble();
        for (int i = 0; i < x.length; i++) {
            if (Double.compare(x[i], y[i]) != 0 && !(Math.abs(x[i] - y[i]) <= 1e-9 * (1 + Math.abs(y[i])))) {
                return false;
            }
        }
        return true;
    }
}
