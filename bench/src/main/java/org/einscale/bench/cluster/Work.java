package org.einscale.bench.cluster;

import java.util.List;
import org.einscale.bench.ModelSize;
import org.einscale.bench.mesh.Gpt;
import org.einscale.bench.mesh.RowSum;
import org.einscale.sharding.Mesh;
import org.einscale.sharding.Preset;
import org.einscale.sharding.Splitting;
import org.einscale.sharding.device.Workshop;
import org.einscale.sharding.pipeline.Pipeline;
import org.einscale.tensor.Precision;
import org.einscale.tensor.machine.Machine;

/** What two devices are given to do: {@code sum N} and {@code idle N} of {@link RowSum}, or {@code gpt SIZE}. */
final class Work {
    private Work() {
    }

    static Workshop.Work of(String recipe) {
        String[] words = recipe.split(" ");
        return new Workshop.Work(switch (words[0]) {
            case "sum" -> Pipeline.of(RowSum.split(Integer.parseInt(words[1]), true));
            case "idle" -> Pipeline.of(RowSum.split(Integer.parseInt(words[1]), false));
            case "gpt" -> Gpt.of(ModelSize.parse(words[1]))
                    .pipeline(Splitting.of(Mesh.of("data=2"), List.of(), List.of(Preset.DATA)));
            default -> throw new IllegalArgumentException("no work is called " + words[0]);
        }, Precision.FLOAT, Machine.measured());
    }
}
