package org.einscale.trainer;

import java.nio.file.Path;
import java.util.Arrays;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.tensor.memory.Raw;
import org.einscale.trainer.layer.Model;

/** Asks a saved model what follows sequences of the length that it was trained with. For one thread at a time. */
public final class Predictor implements AutoCloseable {
    private static final int ROWS = 64;

    private final SavedModel saved;
    private final Session session;
    private final TokenInput input;
    private final long logits;

    private Predictor(SavedModel saved, Path folder) {
        this.saved = saved;
        Model model = saved.definition().spec().build(ROWS, saved.length(), saved.learned().vocabulary(), false, 0);
        this.session = new Session(
                Plan.compile(model.program().only(model.logits()), model.sizes(), saved.precision()));
        try {
            this.input = new TokenInput(session.address(model.tokens()), saved.precision());
            this.logits = session.address(model.logits());
            saved.load(folder, new SessionStates(session, Validation.values(model)));
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /**
     * Loads the model that a training saved.
     *
     * @throws IllegalArgumentException in one line if the folder does not hold a model that can be used
     */
    public static Predictor load(Path folder) {
        return new Predictor(SavedModel.read(folder), folder);
    }

    /** The model that is asked. */
    public SavedModel model() {
        return saved;
    }

    /**
     * Predicts the token after each sequence.
     *
     * @param sequences {@code [n, length]}
     * @return {@code [n, v]}, log-probabilities in nats
     */
    public double[][] logProbabilities(int[][] sequences) {
        double[][] found = new double[sequences.length][saved.learned().vocabulary()];
        int[] tokens = new int[ROWS * saved.length()];
        for (int first = 0; first < sequences.length; first += ROWS) {
            int rows = Math.min(ROWS, sequences.length - first);
            for (int row = 0; row < rows; row++) {
                System.arraycopy(sequences[first + row], 0, tokens, row * saved.length(), saved.length());
            }
            input.write(tokens);
            session.run();
            for (int row = 0; row < rows; row++) {
                read(row, found[first + row]);
            }
        }
        return found;
    }

    private void read(int row, double[] into) {
        long bytes = saved.precision().bytes();
        long from = logits + ((row + 1L) * saved.length() - 1) * into.length * bytes;
        for (int token = 0; token < into.length; token++) {
            into[token] = Raw.get(saved.precision(), from + token * bytes);
        }
        double most = Arrays.stream(into).max().orElseThrow();
        double norm = most + Math.log(Arrays.stream(into).map(logit -> Math.exp(logit - most)).sum());
        for (int token = 0; token < into.length; token++) {
            into[token] -= norm;
        }
    }

    /** Frees the memory. */
    @Override
    public void close() {
        session.close();
    }
}
