/** Common transport and the generic services behind it: name server, zoning, management. Source: FC-GS-7. */
export * from './application-server.ts';
export * from './configuration.ts';
export * from './configuration-codes.ts';
export * as configuration from './configuration-server.ts';
export * from './family.ts';
export * from './fc4-types.ts';
export * from './fdmi.ts';
export * from './fdmi-attributes.ts';
export * from './fdmi-codes.ts';
export * from './name-server.ts';
export * from './name-server-codes.ts';
export * from './name-server-entries.ts';
export * from './name-server-get.ts';
export * from './name-server-register.ts';
export * from './preamble.ts';
export * from './zone-codes.ts';
export * from './zone-objects.ts';
export * from './zone-server.ts';
