package org.einscale.einsum;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Arrays of given row-major elements in various memory layouts. */
final class TestArrays {
    private TestArrays() {
    }

    static int volume(long[] shape) {
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }

    static double[] uniform(Random random, int length) {
        return random.doubles(length, -1, 1).toArray();
    }

    static INDArray rowMajor(DataType type, double[] elements, long[] shape) {
        if (elements.length == 0) {
            return Nd4j.create(type, shape);
        }
        return shape.length == 0
                ? Nd4j.scalar(type, elements[0])
                : Nd4j.create(elements, shape, 'c').castTo(type);
    }

    /** Plain, permuted, or a part of a larger array, by chance. */
    static INDArray view(Random random, DataType type, double[] elements, long[] shape) {
        INDArray plain = rowMajor(type, elements, shape);
        if (elements.length == 0 || shape.length == 0 || random.nextInt(3) == 0) {
            return plain;
        }
        return random.nextBoolean() ? permuted(random, plain) : sliced(random, plain);
    }

    private static INDArray permuted(Random random, INDArray plain) {
        List<Integer> order = new ArrayList<>(IntStream.range(0, plain.rank()).boxed().toList());
        Collections.shuffle(order, random);
        int[] there = order.stream().mapToInt(i -> i).toArray();
        int[] back = IntStream.range(0, there.length).map(order::indexOf).toArray();
        return plain.permute(there).dup('c').permute(back);
    }

    /** The same elements within a larger array filled with 99, with steps of 1 or 2 along its axes. */
    static INDArray sliced(Random random, INDArray plain) {
        long[] larger = plain.shape().clone();
        INDArrayIndex[] where = new INDArrayIndex[larger.length];
        for (int i = 0; i < larger.length; i++) {
            int step = larger[i] == 1 ? 1 : 1 + random.nextInt(2); // ND4J refuses step 2 over one element
            int from = random.nextInt(2);
            long end = from + step * (larger[i] - 1) + 1;
            where[i] = NDArrayIndex.interval(from, step, end);
            larger[i] = end + random.nextInt(2);
        }
        INDArray all = Nd4j.createUninitialized(plain.dataType(), larger, 'c').assign(99);
        INDArray part = all.get(where);
        if (!Arrays.equals(part.shape(), plain.shape())) {
            return plain;
        }
        return part.assign(plain);
    }

    static double[] elements(INDArray array) {
        return array.length() == 0 ? new double[0] : array.dup('c').castTo(DataType.DOUBLE).data().asDouble();
    }

    /** Whether all numbers are within a tolerance relative to the largest wanted one and 1, or infinite alike. */
    static boolean close(double[] found, double[] wanted, double tolerance) {
        double scale = Arrays.stream(wanted).filter(Double::isFinite).map(Math::abs).reduce(1, Math::max);
        return found.length == wanted.length && IntStream.range(0, found.length).allMatch(
                i -> found[i] == wanted[i] || Math.abs(found[i] - wanted[i]) <= tolerance * scale);
    }
}
