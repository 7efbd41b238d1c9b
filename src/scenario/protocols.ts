/** What carries the storage of a scenario. */

/** Protocols: FCoE with FIP on Ethernet; Fibre Channel on native links. */
export const PROTOCOLS = ['fcoe', 'fc'] as const;
/** A protocol that carries the storage of a scenario. */
export type Protocol = (typeof PROTOCOLS)[number];
/** What carries it where nothing is said. */
export const PROTOCOL_DEFAULT: Protocol = 'fcoe';
