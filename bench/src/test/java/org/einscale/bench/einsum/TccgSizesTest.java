package org.einscale.bench.einsum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TccgSizesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"ik,kj->ij | ki,jk->ji", "ikl,ljk->ij | lki,kjl->ji",
        "pa,pqrs->aqrs | ap,srqp->srqa", "cbdka,kj->adbjc | akdbc,jk->cjbda",
        "ijma,mkbc->abcijk | amji,cbkm->kjicba"})
    void reversesEveryTerm(String columnMajor, String rowMajor) {
        assertThat(TccgSizes.rowMajor(columnMajor)).isEqualTo(rowMajor);
    }

    /** The largest tensor holds at most 262,144 floats a MiB; axes of stride 1 are multiples of 24. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        // Balanced at 512; with 504, the multiple of 24 nearest to it, 520 fill 262,144 floats.
        "1    | ki,jk->ji           |   | 504x504 520x504", "16   | ki,jk->ji           |   | 2040x2040 2056x2040",
        "16   | akb,jk->jba         | j | 144x144x144 24x144", "16   | amji,cbkm->kjicba   |   | 24x24x9x24 9x9x9x24",
        // Balanced at 45, nearest to 48.
        "16   | akbc,jk->cjba       | j | 48x48x37x48 24x48",
        // Too small for any: 24 where stride is 1.
        "0.0001 | ki,jk->ji         |   | 24x24 1x24"})
    void choosesSizes(double mebibytes, String equation, String fixed, String shapes) {
        Map<Character, Long> sizes = fixed == null ? Map.of() : Map.of(fixed.charAt(0), 24L);

        assertThat(new TccgSizes(mebibytes).shapes(equation, sizes)).isEqualTo(parse(shapes));
    }

    @Test
    void refusesAnEquationOfWhichAllIsFixed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TccgSizes(1).shapes("j,j->j", Map.of('j', 24L)))
                .withMessageContaining("expected an axis whose size is not fixed");
    }

    private static List<List<Long>> parse(String shapes) {
        return Arrays.stream(shapes.split(" ")).map(s -> Arrays.stream(s.split("x")).map(Long::valueOf).toList())
                .toList();
    }
}
