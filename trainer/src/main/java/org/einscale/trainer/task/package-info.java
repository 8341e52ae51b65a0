/** Tasks whose answer is known: what there is to learn follows from a seed, and how fast it is learned from a formula. */
package org.einscale.trainer.task;
