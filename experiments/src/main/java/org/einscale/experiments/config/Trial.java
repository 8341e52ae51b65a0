package org.einscale.experiments.config;

/**
 * One size of a ladder.
 *
 * @param name names the trial in files and tables: letters, digits, dots, dashes and underscores; unique in its ladder
 * @param settings the experiment's settings with those of this size put over them
 */
public record Trial(String name, Settings settings) {}
