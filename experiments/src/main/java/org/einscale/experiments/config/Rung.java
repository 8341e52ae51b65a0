package org.einscale.experiments.config;

/**
 * One size of a ladder, to be trained as a trial.
 *
 * @param name names the trial in files and tables: letters, digits, dots, dashes and underscores; unique in its ladder
 * @param settings the experiment's settings with those of this size put over them
 */
public record Rung(String name, Settings settings) {}
