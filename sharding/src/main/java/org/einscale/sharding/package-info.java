/** How tensors are split over devices, in words: meshes, rules, shardings, blocks; and what runs a split program. */
package org.einscale.sharding;
