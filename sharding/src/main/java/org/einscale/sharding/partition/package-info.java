/** From a program and rules to a program that every device runs, and to what that sends. */
package org.einscale.sharding.partition;
