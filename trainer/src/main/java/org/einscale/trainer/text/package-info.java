/**
 * Text as a model sees it, in the order in which it is made: documents ({@link org.einscale.trainer.text.Corpus}), split
 * into training and validation, turned into numbers by a {@link org.einscale.trainer.text.Tokenizer}, laid end to end in a
 * {@link org.einscale.trainer.text.TokenStream} and dealt out as {@link org.einscale.trainer.text.Batches} for training and
 * {@link org.einscale.trainer.text.Windows} for evaluation.
 */
package org.einscale.trainer.text;
