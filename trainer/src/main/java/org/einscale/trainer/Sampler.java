package org.einscale.trainer;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.einscale.einsum.plan.Plan;
import org.einscale.einsum.plan.Session;
import org.einscale.tensor.memory.Raw;
import org.einscale.tensor.random.Philox;
import org.einscale.trainer.layer.Model;
import org.einscale.trainer.text.Tokenizer;

/**
 * Writes text with a saved model, token by token. Each token comes from a run over the whole context of the last
 * {@code length} tokens, as it was trained. For one thread at a time.
 */
public final class Sampler implements AutoCloseable {
    private final SavedModel saved;
    private final Tokenizer tokenizer;
    private final String separator;
    private final Session session;
    private final TokenInput input;
    private final long logits;
    private final float[] lastLogits;
    private final Context context;
    private final SessionStates parameters;

    private Sampler(SavedModel saved) {
        if (!(saved.learned() instanceof Learned.Text text)) {
            throw new IllegalArgumentException(
                    "the model has learned a task, not a text, and writes none; `einscale answers RUN` shows what it knows");
        }
        this.saved = saved;
        this.tokenizer = text.tokenizer();
        this.separator = text.separator();
        Model model = saved.definition().spec().build(1, saved.length(), tokenizer.vocabulary(), false, 0);
        this.lastLogits = new float[tokenizer.vocabulary()];
        this.context = new Context(saved.length());
        this.session = new Session(
                Plan.compile(model.program().only(model.logits()), model.sizes(), saved.precision()));
        try {
            this.input = new TokenInput(session.address(model.tokens()), saved.precision());
            this.logits = session.address(model.logits());
            this.parameters = new SessionStates(session, Validation.values(model));
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
    public static Sampler load(Path folder) {
        Sampler sampler = new Sampler(SavedModel.read(folder));
        try {
            sampler.saved.load(folder, sampler.parameters);
            return sampler;
        } catch (RuntimeException | Error e) {
            sampler.close();
            throw e;
        }
    }

    /** What the model may not mean, a text each; see {@link ModelCheck}. */
    public List<String> warnings() {
        return ModelCheck.warnings(saved.definition().spec(), saved.length(), tokenizer.vocabulary(), true);
    }

    /** The model that writes. */
    public SavedModel model() {
        return saved;
    }

    /**
     * Writes a text. The same request gives the same text. The model is shown the end of a document before the prompt, so
     * that the prompt begins one.
     *
     * @param stream gets the text piece by piece as it is written, whole characters only, without the prompt
     */
    public Sample sample(SampleRequest request, Consumer<String> stream) {
        long start = System.nanoTime();
        Philox random = Philox.of(request.seed(), "sample");
        context.clear();
        for (int token : tokenizer.encode(separator + request.prompt())) {
            context.add(token);
        }
        SampledText text = new SampledText(request.wholeDocument() ? separator : "", stream);
        int count = 0;
        while (count < request.maxTokens() && !text.ended()) {
            int token = request.chooser().choose(nextLogits(), random.uniform(count));
            context.add(token);
            text.add(tokenizer.bytes(token));
            count++;
        }
        return new Sample(text.finish(), count, text.ended(), (System.nanoTime() - start) / 1e9);
    }

    private float[] nextLogits() {
        input.write(context.padded());
        session.run();
        long bytes = saved.precision().bytes();
        long row = logits + context.last() * lastLogits.length * bytes;
        for (int token = 0; token < lastLogits.length; token++) {
            lastLogits[token] = (float) Raw.get(saved.precision(), row + token * bytes);
        }
        return lastLogits;
    }

    /** Frees the memory. */
    @Override
    public void close() {
        session.close();
    }
}
