/** The ENode side: FIP controller, N_Ports, logins, exchanges, FCP initiator. */
export * from './enode.ts';
export * from './exchange.ts';
export * from './fcp.ts';
export * from './fip-controller.ts';
export * from './login-parameters.ts';
export * from './lport.ts';
export * from './rport.ts';
