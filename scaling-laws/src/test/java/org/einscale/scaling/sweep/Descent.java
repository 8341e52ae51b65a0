package org.einscale.scaling.sweep;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.einscale.scaling.table.Evaluation;

/**
 * A training that takes no time: plain gradient descent on x^2 / 2 with a checkpoint and an evaluation every ten steps, whose loss ends
 * at 1 + 9 N^-0.3 plus what is left of the descent.
 */
final class Descent implements TrialRunner {

    private final Map<String, Long> firstSteps = new ConcurrentHashMap<>();
    private String troubled = "";
    private long troubleStep;
    private Trouble trouble = () -> false;

    private interface Trouble {
        /** Whether the loss is to be NaN. */
        boolean strike() throws Exception;
    }

    Descent interruptedAt(String trial, long step) {
        return at(trial, step, () -> {
            throw new InterruptedException();
        });
    }

    Descent divergingAt(String trial, long step) {
        return at(trial, step, () -> true);
    }

    Descent failingAt(String trial, long step, Throwable cause) {
        return at(trial, step, () -> {
            switch (cause) {
                case Exception e -> throw e;
                case Error e -> throw e;
                default -> throw new IllegalArgumentException(cause);
            }
        });
    }

    private Descent at(String trial, long step, Trouble kind) {
        troubled = trial;
        troubleStep = step;
        trouble = kind;
        return this;
    }

    Set<String> ran() {
        return firstSteps.keySet();
    }

    long firstStep(String trial) {
        return firstSteps.getOrDefault(trial, -1L);
    }

    @Override
    public TrialResult run(Trial trial, Path folder, TrialListener listener) throws Exception {
        Path checkpoint = folder.resolve("checkpoint.txt");
        String[] saved = Files.exists(checkpoint)
                ? Files.readString(checkpoint).split(" ", 2)
                : new String[]{"0", "2.0"};
        double x = Double.parseDouble(saved[1]);
        firstSteps.put(trial.name(), Long.parseLong(saved[0]) + 1);
        double floor = 1 + 9 * Math.pow(trial.n(), -0.3);
        for (long step = Long.parseLong(saved[0]) + 1; step <= trial.steps(); step++) {
            x -= 0.1 * x;
            double loss = floor + x * x / 2;
            listener.progressed(new Progress(step, trial.steps(), strikes(trial, step) ? Double.NaN : loss, 1000));
            if (step % 10 == 0) {
                listener.evaluated(new Evaluation(step, step * trial.batchTokens(), loss, loss + 0.1));
                Files.writeString(checkpoint, step + " " + x);
            }
        }
        double loss = floor + x * x / 2;
        return new TrialResult(loss, loss + 0.1, (loss + 0.1) / Math.log(2), 1, 1000, 0.5);
    }

    private boolean strikes(Trial trial, long step) throws Exception {
        return trial.name().equals(troubled) && step == troubleStep && trouble.strike();
    }
}
