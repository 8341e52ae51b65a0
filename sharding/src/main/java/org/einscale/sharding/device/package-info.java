/** Devices as actors. Nothing else knows of these. */
package org.einscale.sharding.device;
