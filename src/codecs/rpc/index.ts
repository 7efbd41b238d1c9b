/** ONC RPC version 2 and XDR. Source: RFC 5531, RFC 4506. */
export * from './auth.ts';
export * from './codes.ts';
export * from './framer.ts';
export * from './message.ts';
export * from './record.ts';
export * from './xdr.ts';
