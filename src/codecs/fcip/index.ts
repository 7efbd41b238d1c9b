/** FCIP: Fibre Channel frames in a byte stream. Source: RFC 3643, RFC 3821. */
export * from './framer.ts';
export * from './header.ts';
