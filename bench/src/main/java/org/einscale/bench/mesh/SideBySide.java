package org.einscale.bench.mesh;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.einscale.bench.ModelSize;

/** Two trainings that know nothing of one another, each on a thread of its own. */
final class SideBySide implements Racer {
    private final List<Alone> trainings;

    SideBySide(ModelSize size) {
        this.trainings = List.of(new Alone(size), new Alone(size));
    }

    @Override
    public double tokensPerSecond(double seconds) {
        List<CompletableFuture<Double>> running = trainings.stream()
                .map(training -> CompletableFuture.supplyAsync(() -> training.tokensPerSecond(seconds),
                        work -> Thread.ofPlatform().start(work)))
                .toList();
        return running.stream().mapToDouble(CompletableFuture::join).sum();
    }

    @Override
    public void close() {
        trainings.forEach(Alone::close);
    }
}
