/** BGP-4 with Ethernet VPNs. Source: RFC 4271, RFC 4760, RFC 7432. */
export * from './attribute.ts';
export * from './capability.ts';
export * from './codes.ts';
export * from './community.ts';
export * from './evpn.ts';
export * from './framer.ts';
export * from './message.ts';
