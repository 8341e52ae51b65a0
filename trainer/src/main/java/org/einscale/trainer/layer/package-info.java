/**
 * Layers written as text, and the GPT made of them. A {@link org.einscale.trainer.layer.Layer} is parameters and lines of
 * text; {@link org.einscale.trainer.layer.LayerParser} turns a line into an
 * {@link org.einscale.trainer.layer.Expression}, a compiler turns expressions into statements of a program, and
 * {@link org.einscale.trainer.layer.ModelSpec} says which layers make a {@link org.einscale.trainer.layer.Model}.
 */
package org.einscale.trainer.layer;
