/** The subcommands of einscale, a file each. */
package org.einscale.experiments.command;
