/** Settings in HOCON, read by key: one reader for models, layers and experiments, and one kind of error. */
package org.einscale.trainer.config;
