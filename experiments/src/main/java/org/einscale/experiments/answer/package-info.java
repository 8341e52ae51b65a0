/** What models trained on a task know, beside what they can know. */
package org.einscale.experiments.answer;
