package org.einscale.trainer;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.einscale.trainer.text.Batches;
import org.einscale.trainer.text.Corpus;
import org.einscale.trainer.text.TokenStream;
import org.einscale.trainer.text.Tokenizer;
import org.einscale.trainer.text.TokenizerFile;
import org.einscale.trainer.text.Windows;

/**
 * Text made ready to train on: documents split into a training and a validation part, a tokenizer that has seen only the
 * training part, and the tokens of both. Immutable; all trials of a sweep share one, from any thread.
 */
public final class TextData implements TrainingData {
    private final Tokenizer tokenizer;
    private final String separator;
    private final TokenStream training;
    private final TokenStream validation;
    private final String checksum;
    private final String origin;

    private TextData(Tokenizer tokenizer, String separator, TokenStream training, TokenStream validation,
            String checksum, String origin) {
        this.tokenizer = tokenizer;
        this.separator = separator;
        this.training = training;
        this.validation = validation;
        this.checksum = checksum;
        this.origin = origin;
    }

    /**
     * Splits and encodes a corpus.
     *
     * @param validationFraction share of the documents that is held out, between 0 and 1
     * @param tokenizer makes the tokenizer from the training part, the only text that it is given: for example
     *            {@code part -> BytePair.train(part.documents(), 2048)}
     * @param seed decides which documents are held out, and the order of documents
     * @throws IllegalArgumentException if the fraction is out of range or the tokenizer cannot be trained
     */
    public static TextData of(Corpus corpus, double validationFraction, Function<Corpus, Tokenizer> tokenizer,
            long seed) {
        Corpus.Split split = corpus.split(validationFraction, seed);
        Tokenizer trained = tokenizer.apply(split.training());
        return new TextData(trained, corpus.separator(), TokenStream.of(split.training(), trained, seed),
                TokenStream.of(split.validation(), trained, seed), corpus.checksum(),
                String.format(Locale.ROOT, "split %s, seed %d", validationFraction, seed));
    }

    static TextData read(DataInput in) throws IOException {
        byte[] content = new byte[in.readInt()];
        in.readFully(content);
        Tokenizer tokenizer = TokenizerFile.parse(content);
        return new TextData(tokenizer, in.readUTF(), TokenStream.read(in, tokenizer), TokenStream.read(in, tokenizer),
                in.readUTF(), in.readUTF());
    }

    void write(DataOutput out) throws IOException {
        byte[] content = TokenizerFile.bytes(tokenizer);
        out.writeInt(content.length);
        out.write(content);
        out.writeUTF(separator);
        training.write(out);
        validation.write(out);
        out.writeUTF(checksum);
        out.writeUTF(origin);
    }

    /** What turns text into tokens and back. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    @Override
    public int vocabulary() {
        return tokenizer.vocabulary();
    }

    /** What ends each document. */
    public String separator() {
        return separator;
    }

    /** Tokens to learn from. */
    public TokenStream training() {
        return training;
    }

    /** Tokens held out. */
    public TokenStream validation() {
        return validation;
    }

    /** That of the corpus before it was split. */
    @Override
    public String checksum() {
        return checksum;
    }

    /** All of them count alike. */
    @Override
    public boolean weighted() {
        return false;
    }

    @Override
    public Learned learned() {
        return new Learned.Text(tokenizer, separator);
    }

    @Override
    public SortedMap<String, String> identity() {
        SortedMap<String, String> identity = new TreeMap<>();
        identity.put("text", checksum);
        identity.put("text parts", origin);
        identity.put("tokenizer", tokenizer.name() + " " + tokenizer.fingerprint());
        return identity;
    }

    /**
     * Refuses a training that this text cannot feed.
     *
     * @throws IllegalArgumentException in one line if the sequences are longer than the training or the validation text,
     *             or a step has more tokens than an array holds
     */
    @Override
    public void check(TrainingSpec spec) {
        if (spec.tokensPerStep() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT,
                            "a step of %,d sequences of %,d tokens: expected at most %,d tokens in all", spec.batch(),
                            spec.length(), Integer.MAX_VALUE));
        }
        (validation.length() < training.length() ? validation : training).requireLonger(spec.length());
        validationWindows(spec);
    }

    /** @throws IllegalArgumentException if the sequences are longer than the training text */
    @Override
    public Sequences training(TrainingSpec spec) {
        Batches batches = new Batches(training, spec.batch(), spec.length(), spec.seed());
        return (first, rows, tokens, targets, _) -> batches.fill(first / rows, tokens, targets);
    }

    /** @throws IllegalArgumentException if the sequences are longer than the validation text */
    @Override
    public HeldOut heldOut(TrainingSpec spec) {
        Windows windows = validationWindows(spec);
        return new HeldOut((first, rows, tokens, targets, _) -> windows.fill((int) first, rows, tokens, targets),
                windows.count(), windows::bitsPerByte);
    }

    @Override
    public long epoch(TrainingSpec spec) {
        return training.length() / spec.length() * spec.length();
    }

    /**
     * The validation windows of a run. They depend on the text, the length and the tokens alone, not on the batch, so that
     * every trial is measured on the same text.
     *
     * @throws IllegalArgumentException if the sequences are longer than the validation text
     */
    Windows validationWindows(TrainingSpec spec) {
        int tokens = (int) Math.min(Integer.MAX_VALUE, spec.evaluationTokens());
        Windows windows = Windows.of(validation, spec.length(), tokens);
        return windows.wholeBatches(HeldOut.batch(windows.count()));
    }
}
