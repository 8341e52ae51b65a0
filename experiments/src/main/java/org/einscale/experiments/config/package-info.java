/** Experiment files: read once, checked, and turned into typed records; {@code reference.conf} is their manual. */
package org.einscale.experiments.config;
