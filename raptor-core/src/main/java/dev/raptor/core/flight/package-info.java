/**
 * What stands between a policy and a vehicle: frames, motors, and the loop that steps the policy.
 */
package dev.raptor.core.flight;
