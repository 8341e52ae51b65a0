package org.einscale.bench.peer;

import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An equation of two operands as ND4J's users would write it.
 *
 * @param a labels of the first operand
 * @param b labels of the second
 * @param output labels of the result
 */
record TensorProduct(String a, String b, String output) {
    /** Empty if a label is repeated within a term, summed over on one side only, or hidden in an ellipsis. */
    static Optional<TensorProduct> of(String equation) {
        String[] terms = equation.replace(" ", "").split(",|->", -1);
        if (terms.length != 3 || equation.contains(".")) {
            return Optional.empty();
        }
        TensorProduct product = new TensorProduct(terms[0], terms[1], terms[2]);
        boolean distinct = IntStream.range(0, 3)
                .allMatch(i -> terms[i].chars().distinct().count() == terms[i].length());
        String alone = without(terms[0], terms[1]) + without(terms[1], terms[0]);
        boolean summedOnOneSide = alone.chars().anyMatch(c -> terms[2].indexOf(c) < 0);
        return distinct && !summedOnOneSide && !alone.isEmpty() ? Optional.of(product) : Optional.empty();
    }

    /** The contraction, row-major. */
    INDArray of(INDArray first, INDArray second) {
        return both(output).isEmpty() ? free(first, second) : stacked(first, second);
    }

    private INDArray free(INDArray first, INDArray second) {
        String summed = both(a);
        int[][] axes = {positions(summed, a), positions(summed, b)};
        return ordered(Nd4j.tensorMmul(first, second, axes), without(a, summed) + without(b, summed));
    }

    private INDArray stacked(INDArray first, INDArray second) {
        String batch = both(output);
        String summed = without(both(a), batch);
        String left = without(without(a, summed), batch);
        String right = without(without(b, summed), batch);
        INDArray x = matrices(first, a, batch, left, summed);
        INDArray y = matrices(second, b, batch, summed, right);
        String labels = batch + left + right;
        long[] shape = labels.chars()
                .mapToLong(c -> a.indexOf(c) >= 0 ? first.size(a.indexOf(c)) : second.size(b.indexOf(c))).toArray();
        return ordered(Nd4j.matmul(x, y).reshape('c', shape), labels);
    }

    private static INDArray matrices(INDArray array, String labels, String batch, String rows, String columns) {
        INDArray permuted = array.permute(positions(batch + rows + columns, labels));
        return permuted.dup('c').reshape('c', extent(array, labels, batch), extent(array, labels, rows),
                extent(array, labels, columns));
    }

    private static long extent(INDArray array, String labels, String some) {
        return some.chars().mapToLong(c -> array.size(labels.indexOf(c))).reduce(1, (x, y) -> x * y);
    }

    private INDArray ordered(INDArray result, String labels) {
        INDArray permuted = labels.equals(output) ? result : result.permute(positions(output, labels));
        boolean rowMajor = permuted.ordering() == 'c' && !permuted.isView() && labels.equals(output);
        return rowMajor ? permuted : permuted.dup('c');
    }

    /** Those labels that both operands have. */
    private String both(String labels) {
        return without(without(labels, without(labels, a)), without(labels, b));
    }

    private static String without(String labels, String others) {
        StringBuilder left = new StringBuilder();
        labels.chars().filter(c -> others.indexOf(c) < 0).forEach(c -> left.append((char) c));
        return left.toString();
    }

    private static int[] positions(String some, String labels) {
        return some.chars().map(labels::indexOf).toArray();
    }
}
