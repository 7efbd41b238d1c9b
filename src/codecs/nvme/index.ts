/** NVMe over Fibre Channel: information units and link services. Source: FC-NVMe-2. */
export * from './iu.ts';
export * from './link-service.ts';
export * from './names.ts';
