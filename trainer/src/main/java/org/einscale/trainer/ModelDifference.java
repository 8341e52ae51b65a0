package org.einscale.trainer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.einscale.tensor.file.Safetensors;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A parameter that two models do not have alike.
 *
 * @param parameter its name
 * @param largest the largest absolute difference of its numbers; infinite where one model lacks it or has it in another shape
 */
public record ModelDifference(String parameter, double largest) {

    /**
     * The parameters that differ in any bit between the models in two folders, in the order of the first, then of the second.
     *
     * @throws org.einscale.tensor.file.ArrayFileException if a folder holds no model
     */
    public static List<ModelDifference> between(Path first, Path second) {
        Map<String, INDArray> one = Safetensors.read(first.resolve(SavedModel.FILE)).arrays();
        Map<String, INDArray> other = Safetensors.read(second.resolve(SavedModel.FILE)).arrays();
        List<ModelDifference> differences = new ArrayList<>();
        one.forEach((name, array) -> {
            INDArray there = other.get(name);
            if (there == null || !Arrays.equals(array.shape(), there.shape())
                    || array.dataType() != there.dataType()) {
                differences.add(new ModelDifference(name, Double.POSITIVE_INFINITY));
            } else if (!Arrays.equals(numbers(array), numbers(there))) {
                differences.add(new ModelDifference(name, array.sub(there).amaxNumber().doubleValue()));
            }
        });
        other.keySet().stream().filter(name -> !one.containsKey(name))
                .forEach(name -> differences.add(new ModelDifference(name, Double.POSITIVE_INFINITY)));
        return differences;
    }

    /** Arrays of them are equal where all bits are, NaN standing for one number. */
    private static double[] numbers(INDArray array) {
        return array.dup('c').data().asDouble();
    }
}
