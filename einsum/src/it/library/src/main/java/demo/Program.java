package demo;

import java.util.Arrays;
import org.einscale.einsum.CompiledEinsum;
import org.einscale.einsum.Einsum;
import org.einscale.einsum.program.Operation.Reduction;
import org.einscale.tensor.Precision;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A little of everything, small and large. */
final class Program {
    private Program() {
    }

    public static void main(String[] arguments) {
        for (DataType type : new DataType[]{DataType.FLOAT, DataType.DOUBLE}) {
            INDArray a = Nd4j.create(new double[]{1, 2, 3, 4, 5, 6}, new long[]{2, 3}, 'c').castTo(type);
            INDArray b = Nd4j.create(new double[]{1, 0, 0, 1, 1, 1}, new long[]{3, 2}, 'c').castTo(type);
            print("product", Einsum.of("ij,jk->ik").apply(a, b));
            print("transposed", Einsum.of("ij,jk->ki").apply(a, b));
            CompiledEinsum compiled = Einsum.of("ij,jk->ik").compile(
                    type == DataType.FLOAT ? Precision.FLOAT : Precision.DOUBLE, a.shape(), b.shape());
            print("gradients", compiled.gradient().apply(Nd4j.ones(type, 2, 2), a, b));
            print("bound", compiled.bind(1, b).apply(a));
            print("maximum", Einsum.reduce("i j -> j", Reduction.MAX).apply(a));
            print("mean", Einsum.reduce("i j -> i", Reduction.MEAN).apply(a));
            print("log of 8", Einsum.reduce("i j -> i", Reduction.LOG_SUM_EXP).apply(Nd4j.zeros(type, 1, 8)));
            INDArray ones = Nd4j.ones(type, 64, 48, 80);
            INDArray large = Einsum.of("bld,fd,df->lbf").apply(ones, Nd4j.ones(type, 96, 80), Nd4j.ones(type, 80, 96));
            print("from", Nd4j.scalar(large.minNumber()));
            print("to", Nd4j.scalar(large.maxNumber()));
        }
    }

    private static void print(String what, INDArray... arrays) {
        StringBuilder line = new StringBuilder(what);
        for (INDArray array : arrays) {
            double[] elements = array.dup('c').data().asDouble();
            line.append(' ').append(Arrays.toString(Arrays.stream(elements).map(x -> Math.rint(x * 1e4) / 1e4).toArray()));
        }
        System.out.println(line);
    }
}
