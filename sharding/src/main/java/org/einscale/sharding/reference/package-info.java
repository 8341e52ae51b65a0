/** All devices in one thread, plainly: what others are compared with. */
package org.einscale.sharding.reference;
