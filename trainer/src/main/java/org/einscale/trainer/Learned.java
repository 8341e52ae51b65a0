package org.einscale.trainer;

import org.einscale.trainer.task.Task;
import org.einscale.trainer.text.Tokenizer;

/** What a saved model has learned, as far as its use needs to know. */
public sealed interface Learned {

    /** Number of different tokens. */
    int vocabulary();

    /**
     * A text.
     *
     * @param tokenizer turns text into tokens
     * @param separator ends each document
     */
    record Text(Tokenizer tokenizer, String separator) implements Learned {
        @Override
        public int vocabulary() {
            return tokenizer.vocabulary();
        }
    }

    /**
     * A task.
     *
     * @param seed from which what it asks for was drawn
     */
    record OfTask(Task task, long seed) implements Learned {
        @Override
        public int vocabulary() {
            return task.vocabulary();
        }
    }
}
