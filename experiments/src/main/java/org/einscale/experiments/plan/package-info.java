/** How devices share a training step, kept in a file: to train by, and to hold against another. */
package org.einscale.experiments.plan;
