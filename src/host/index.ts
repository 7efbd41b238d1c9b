/** The hypervisor host: virtual HBAs, guests and their workload. */
export * from './control.ts';
export * from './host.ts';
export * from './vhba.ts';
export * from './virtual-machine.ts';
export * from './workload.ts';
