/**
 * Training a language model and using it: {@link org.einscale.trainer.Training} runs one trial on
 * {@link org.einscale.trainer.TextData} as a {@link org.einscale.trainer.TrainingSpec} says, and
 * {@link org.einscale.trainer.Sampler} writes text with the model that it saves.
 */
package org.einscale.trainer;
