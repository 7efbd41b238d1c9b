/** Ways to carry SCSI: N_Ports, FCP on them, and the ENodes they sit on. */
export * from './enode/enode.ts';
export * from './enode/fip-controller.ts';
export * from './fcp/initiator.ts';
export * from './fcp/target-port.ts';
export * from './n-port/exchange.ts';
export * from './n-port/login-parameters.ts';
export * from './n-port/lport.ts';
export * from './n-port/rport.ts';
