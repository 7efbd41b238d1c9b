/** The hypervisor host: virtual HBAs, multipath storage, guests and their workload. */
export * from './control.ts';
export * from './guest-reservation.ts';
export * from './host.ts';
export type { AttemptEnd, IoEvent } from './io-event.ts';
export * from './lun-scan.ts';
export * from './storage.ts';
export * from './vhba.ts';
export * from './virtual-machine.ts';
export * from './workload.ts';
