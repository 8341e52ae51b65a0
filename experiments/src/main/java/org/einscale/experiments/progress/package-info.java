/** What a person sees while trials run. */
package org.einscale.experiments.progress;
