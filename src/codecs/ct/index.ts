/** Common transport and the generic services behind it: name server, zoning, management. Source: FC-GS-7. */
export * from './family.ts';
export * from './fc4-types.ts';
export * from './name-server.ts';
export * from './name-server-codes.ts';
export * from './name-server-get.ts';
export * from './name-server-register.ts';
export * from './preamble.ts';
