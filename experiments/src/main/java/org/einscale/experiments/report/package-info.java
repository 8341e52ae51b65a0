/** What a run has reached, for people: one page to keep, the same page as trials end, and a view of it for terminals. */
package org.einscale.experiments.report;
