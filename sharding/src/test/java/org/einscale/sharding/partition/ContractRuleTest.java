package org.einscale.sharding.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.einscale.einsum.Einsum;
import org.einscale.einsum.equation.Equation;
import org.einscale.einsum.program.Operation;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.sharding.AxisRules;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Sharding;
import org.einscale.tensor.Axis;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ContractRuleTest {
    private static final Mesh MESH = Mesh.of("data=2, model=2");
    private static final Map<String, Integer> SIZES = Map.of("b", 4, "l", 3, "d", 6, "h", 2, "k", 4, "f", 8);

    private static Operation.Contract contract(String equation) {
        ProgramBuilder builder = new ProgramBuilder();
        Equation parsed = Equation.of(equation);
        List<Value> operands = IntStream.range(0, parsed.inputs().size())
                .mapToObj(i -> builder.input("x" + i,
                        String.join(" ", parsed.inputs().get(i).stream().map(Axis::name).toList())))
                .toList();
        return new Operation.Contract(operands, parsed.inputs(), parsed.output());
    }

    /** The matrices of attention and MLP split as Megatron-LM splits them (Shoeybi et al. 2019). */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {"b l d, d h k -> b l h k | ''", "b l d, d f -> b l f | ''",
        "b l f, f d -> b l d | model", "b l h k, h k d -> b l d | model",
        "b l d, b l f -> d f | data", "b l d -> | data"})
    void devicesAddUpToTheWhole(String equation, String partial) {
        AxisRules rules = AxisRules.of(MESH, "b=data, h=model, f=model");
        Operation.Contract contract = contract(equation);
        List<Sharding> shardings = contract.terms().stream().map(rules::of).toList();
        Sharding result = ContractRule.result(contract, shardings);
        assertThat(result.partial()).isEqualTo(partial.isEmpty() ? Set.of() : Set.of(partial));

        List<INDArray> operands = contract.terms().stream().map(ContractRuleTest::filled).toList();
        INDArray whole = Einsum.of(equation).apply(operands.toArray(INDArray[]::new));
        INDArray gathered = Nd4j.zeros(DataType.DOUBLE, whole.shape());
        for (int device = 0; device < MESH.devices(); device++) {
            List<INDArray> parts = new ArrayList<>();
            for (int i = 0; i < operands.size(); i++) {
                parts.add(part(operands.get(i), shardings.get(i), device).dup('c'));
            }
            INDArray local = Einsum.of(equation).apply(parts.toArray(INDArray[]::new));
            part(gathered, result, device).addi(local);
        }
        int copies = MESH.devices() / MESH.devices(result.partial())
                / MESH.devices(result.split().stream().flatMap(List::stream).toList());
        assertThat(gathered.div(copies).sub(whole).normmaxNumber().doubleValue()).isLessThan(1e-9);
    }

    private static INDArray filled(List<Axis> axes) {
        long[] shape = axes.stream().mapToLong(a -> SIZES.getOrDefault(a.name(), 0)).toArray();
        long count = Arrays.stream(shape).reduce(1, (x, y) -> x * y);
        return Nd4j.createFromArray(IntStream.range(0, (int) count).mapToDouble(i -> (7 * i) % 11 - 5).toArray())
                .reshape(shape);
    }

    private static INDArray part(INDArray array, Sharding sharding, int device) {
        if (array.rank() == 0) {
            return array;
        }
        int[] sizes = Arrays.stream(array.shape()).mapToInt(Math::toIntExact).toArray();
        int[] start = sharding.start(sizes, MESH, device);
        int[] size = sharding.localSizes(sizes, MESH);
        return array.get(IntStream.range(0, sizes.length)
                .mapToObj(i -> NDArrayIndex.interval(start[i], start[i] + size[i])).toArray(INDArrayIndex[]::new));
    }

    @Test
    void refusesWhatNeedsResharding() {
        Operation.Contract contract = contract("l d, d f -> l f");
        Sharding rows = new Sharding(List.of(List.of(), List.of("model")), Set.of());
        Sharding columns = new Sharding(List.of(List.of(), List.of("model")), Set.of());
        assertThatThrownBy(() -> ContractRule.result(contract, List.of(rows, columns))).hasMessageContaining("axis 'd'")
                .hasMessageContaining("reshard one of them");
        Sharding partial = new Sharding(List.of(List.of(), List.of()), Set.of("model"));
        assertThatThrownBy(() -> ContractRule.result(contract, List.of(partial, columns)))
                .hasMessageContaining("all-reduce it first");
    }

    @Test
    void twoContractedAxesOverOneMeshAxisAreNoPartialSum() {
        Operation.Contract contract = contract("i k, j k -> k");
        Sharding rows = new Sharding(List.of(List.of("data"), List.of()), Set.of());
        assertThatThrownBy(() -> ContractRule.result(contract, List.of(rows, rows)))
                .hasMessageContaining("mesh axis 'data' splits two contracted axes")
                .hasMessageContaining("reshard one of them");
        Sharding whole = new Sharding(List.of(List.of(), List.of()), Set.of());
        assertThat(ContractRule.result(contract, List.of(rows, whole)).partial()).containsExactly("data");
    }
}
