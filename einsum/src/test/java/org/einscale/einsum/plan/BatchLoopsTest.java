package org.einscale.einsum.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.einscale.einsum.program.ProgramBuilder.axes;

import org.einscale.einsum.program.Program;
import org.einscale.einsum.program.ProgramBuilder;
import org.einscale.einsum.program.Value;
import org.einscale.einsum.reference.Filling;
import org.einscale.tensor.Axis;
import org.einscale.tensor.Precision;
import org.einscale.tensor.Sizes;
import org.einscale.tensor.profile.Caches;
import org.einscale.tensor.profile.Profile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchLoopsTest {

    /** Whole heads, several of them, and several sequences of the batch at once, by the size of the cache. */
    @ParameterizedTest
    @CsvSource({"1, 6", "8192, 6", "65536, 3", "1000000, 0"})
    void partsStayInTheCache(long cache, int parts) {
        Program program = attention(true);
        Sizes sizes = Filling.sizes("b=3 h=2 l=40 m=40 k=6");
        PlanCheck.agrees(program, sizes, small(cache), Precision.DOUBLE, 1e-9);
        PlanCheck.agrees(program, sizes, small(cache), Precision.FLOAT, 1e-4);
        Plan plan = Plan.compile(program, sizes, Precision.FLOAT, small(cache));
        String shape = parts == 0 ? "240x40" : 240 / parts + "x40 in " + parts + " parts";
        assertThat(plan.steps()).filteredOn(step -> step.startsWith("softmax")).containsExactly("softmax " + shape);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"b=3 h=2 l=17 m=5 k=6", "b=1 h=1 l=1 m=1 k=1", "b=0 h=2 l=3 m=3 k=2",
        "b=2 h=0 l=3 m=3 k=2", "b=2 h=2 l=3 m=3 k=0", "b=5 h=7 l=2 m=2 k=3"})
    void anySizesAgreeWithTheDefinition(String sizes) {
        PlanCheck.agrees(attention(false), Filling.sizes(sizes), small(1), Precision.DOUBLE, 1e-9);
    }

    /** A value that moves otherwise along the batch than another in the same memory: the same axis split two ways. */
    @ParameterizedTest
    @CsvSource({"b=4 c=3 n=12 k=5", "b=2 c=5 n=10 k=1"})
    void memoryReadAlongTwoAxesIsNotCutInParts(String sizes) {
        ProgramBuilder b = new ProgramBuilder();
        Value x = b.input("x", "n k");
        Value one = b.split(x, new Axis("n"), axes("b c"));
        Value other = b.split(x, new Axis("n"), axes("c b"));
        Value weights = b.softmax(b.einsum("b c k, c b k -> b c", one, other), new Axis("c"));
        b.output(weights);
        b.output(b.einsum("b c, b c k -> b k", weights, one));
        PlanCheck.agrees(b.build(), Filling.sizes(sizes), small(1), Precision.DOUBLE, 1e-9);
    }

    private static Program attention(boolean causal) {
        ProgramBuilder b = new ProgramBuilder();
        Value q = b.input("q", "b l h k");
        Value k = b.input("k", "b m h k");
        Value v = b.input("v", "b m h k");
        Value scores = b.einsum("b l h k, b m h k -> b h l m", q, k);
        Axis keys = new Axis("m");
        Value weights = causal ? b.causalSoftmax(scores, keys, new Axis("l")) : b.softmax(scores, keys);
        b.output(b.einsum("b h l m, b m h k -> b l h k", weights, v));
        return b.build();
    }

    private static Profile small(long cache) {
        Profile typical = Profile.BITS_128;
        return new Profile(typical.processor(), typical.vectors(), new Caches(1, cache), typical.rates());
    }
}
