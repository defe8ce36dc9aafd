/**
 * The lab: a network in memory with a virtual clock and scripted faults, a kit that checks protocols, fake peers.
 *
 * @module @tarsier/testing
 */
export {};
