/**
 * Switch fabric internal link services: links, domains, routes and zoning between switches.
 *
 * Source: FC-SW-6.
 */
export * from './codes.ts';
export * from './fabric.ts';
export * from './family.ts';
export * from './fspf.ts';
export * from './link.ts';
export * from './notify.ts';
export { swAcc, swRjt } from './parts.ts';
export * from './support.ts';
export * from './zoning.ts';
export * from './zoning-objects.ts';
