/** FCoE: FC frames in Ethernet frames. */
export * from './address.ts';
export * from './codes.ts';
export * from './frame.ts';
export * from './header.ts';
export * from './pre-t11.ts';
