/** One round of a collective: who gets which elements from whom, and the copying and adding itself. */
package org.einscale.sharding.collective;
