package org.einscale.bench.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class CaseFileTest {
    private final List<EinsumCase> cases = new CaseFile().cases(new TccgSizes(16));

    @Test
    void holdsEveryGroup() {
        assertThat(cases.stream().collect(Collectors.groupingBy(EinsumCase::group, Collectors.counting())))
                .containsEntry(Group.TCCG, 24L).containsEntry(Group.GPT, 28L).containsEntry(Group.GPT_GRADIENTS, 28L)
                .containsEntry(Group.USER, 14L).containsEntry(Group.CALLS, 3L);
    }

    @Test
    void casesOfTccgFillTheirSizeAndNoMore() {
        assertThat(cases.stream().filter(c -> c.group() == Group.TCCG)).allSatisfy(c -> {
            Labels labels = c.labels();
            double largest = labels.inputs().stream().mapToDouble(t -> elements(labels.shape(t))).max().orElse(0);
            largest = Math.max(largest, elements(c.resultShape()));
            assertThat(largest * Float.BYTES / (1 << 20)).isBetween(9.0, 16.0);
            assertThat(labels.inputs()).allSatisfy(t -> assertThat(labels.shape(t)[t.length() - 1] % 24).isZero());
        });
    }

    @Test
    void casesOfAGptHaveItsSizes() {
        assertThat(one("gpt project d=128")).extracting(EinsumCase::sizes, EinsumCase::kind)
                .containsExactly("8x128x128, 128x4x32", CallKind.EINSUM);
        assertThat(one("gpt-gradients mix d=512")).extracting(EinsumCase::sizes, EinsumCase::kind)
                .containsExactly("8x8x128x128, 8x128x8x64", CallKind.GRADIENTS);
        assertThat(one("gpt down d=64").sizes()).isEqualTo("8x128x256, 256x64");
    }

    @Test
    void countsOperations() {
        double once = 2.0 * 8 * 128 * 64 * 256;

        assertThat(one("gpt up d=64").flops().orElseThrow()).isCloseTo(once, within(0.5));
        assertThat(one("gpt-gradients up d=64").flops().orElseThrow()).isCloseTo(3 * once, within(0.5));
        assertThat(one("user five operands").flops()).isEmpty();
    }

    /** Every pair removes an operand, and a last one is left. */
    @Test
    void pathsContractEveryOperand() {
        assertThat(cases).filteredOn(c -> c.shapes().size() > 2).isNotEmpty().allSatisfy(c -> {
            assertThat(c.path()).hasSize(2 * (c.shapes().size() - 1));
            for (int i = 0; i < c.path().size(); i++) {
                assertThat(c.path().get(i)).isBetween(0L, c.shapes().size() - 1L - i / 2);
            }
        });
    }

    private EinsumCase one(String start) {
        return cases.stream().filter(c -> c.toString().startsWith(start)).findFirst().orElseThrow();
    }

    private static double elements(long[] shape) {
        double elements = 1;
        for (long extent : shape) {
            elements *= extent;
        }
        return elements;
    }
}
