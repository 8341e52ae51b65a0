package org.einscale.trainer;

import com.typesafe.config.ConfigFactory;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.einscale.tensor.random.Permutation;
import org.einscale.tensor.random.Philox;
import org.einscale.trainer.config.Section;
import org.einscale.trainer.task.Examples;
import org.einscale.trainer.task.Task;
import org.einscale.trainer.task.TaskKind;
import org.einscale.trainer.text.Fingerprint;

/**
 * A task made ready to train on. Its answer is the target of a sequence's last token and the only one that counts.
 *
 * <p>Examples to learn from are drawn as they are needed, so that none is seen twice but by chance; or so many are drawn
 * once, and every epoch goes through them in another order.
 */
public final class TaskData implements TrainingData {
    private final Task task;
    private final long different;
    private final long seed;
    private final Examples examples;

    /**
     * @param different how many examples there are to learn from; 0: each is a new one
     * @param seed decides what the task asks for, and the examples if they are limited
     */
    public TaskData(Task task, long different, long seed) {
        this.task = task;
        this.different = different;
        this.seed = seed;
        this.examples = task.examples(seed);
    }

    static TaskData read(DataInput in) throws IOException {
        Section task = Section.at("task", ConfigFactory.parseString(in.readUTF()));
        return new TaskData(TaskKind.read(task).orElseThrow(() -> new IOException("no task")), in.readLong(),
                in.readLong());
    }

    void write(DataOutput out) throws IOException {
        out.writeUTF(task.text());
        out.writeLong(different);
        out.writeLong(seed);
    }

    /** What is learned. */
    public Task task() {
        return task;
    }

    @Override
    public int vocabulary() {
        return task.vocabulary();
    }

    @Override
    public boolean weighted() {
        return task.length() > 1;
    }

    @Override
    public String checksum() {
        return Fingerprint.of(task.text(), Long.toString(different), Long.toString(seed));
    }

    @Override
    public SortedMap<String, String> identity() {
        SortedMap<String, String> identity = new TreeMap<>();
        identity.put("task", task.text());
        identity.put("examples", Long.toString(different));
        identity.put("task seed", Long.toString(seed));
        return identity;
    }

    @Override
    public Learned learned() {
        return new Learned.OfTask(task, seed);
    }

    @Override
    public void check(TrainingSpec spec) {
        if (spec.length() != task.length()) {
            throw new IllegalArgumentException(String.format(Locale.ROOT,
                    "sequences of %d tokens: expected training.length = %d, as the task asks by %d tokens",
                    spec.length(),
                    task.length(), task.length()));
        }
    }

    @Override
    public Sequences training(TrainingSpec spec) {
        if (different == 0) {
            Philox draws = Philox.of(spec.seed(), "task");
            return sequences((number, tokens, at) -> examples.draw(draws, number, tokens, at));
        }
        Philox draws = Philox.of(seed, "task");
        Permutation order = new Permutation(different, Philox.of(spec.seed(), "task order"));
        return sequences((number, tokens, at) -> examples.draw(draws,
                order.at(number / different, number % different), tokens, at));
    }

    @Override
    public long epoch(TrainingSpec spec) {
        return different == 0 ? Long.MAX_VALUE : different * task.length();
    }

    @Override
    public HeldOut heldOut(TrainingSpec spec) {
        int most = (int) (Math.min(Integer.MAX_VALUE, spec.evaluationTokens()) / spec.length());
        int count = most - most % HeldOut.batch(most);
        return new HeldOut(sequences((number, tokens, at) -> examples.even(number, count, tokens, at)), count,
                nats -> Double.NaN);
    }

    /** Writes the tokens of an example from a place on, and gives its answer. */
    @FunctionalInterface
    private interface Writer {
        int write(long number, int[] tokens, int at);
    }

    private Sequences sequences(Writer writer) {
        int length = task.length();
        return (first, rows, tokens, targets, weights) -> {
            Arrays.fill(targets, 0);
            Arrays.fill(weights, 0);
            for (int row = 0; row < rows; row++) {
                int last = row * length + length - 1;
                targets[last] = writer.write(first + row, tokens, row * length);
                if (length > 1) {
                    weights[last] = 1;
                }
            }
        };
    }
}
