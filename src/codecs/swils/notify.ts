/** Notifications between switches: SW_RSCN, DRLIR, DSCN, LOOPD. */
import {
  bit,
  codec,
  derived,
  fcId,
  type Infer,
  list,
  named,
  of,
  u8,
  u32,
  withDefault,
  wwn,
} from '../layout/index.ts';
import { SwIlsCommand } from './codes.ts';
import { bareAccept, bareRequest, head, plainAccept } from './parts.ts';

/** What happened to a port. Source: FC-SW-6, SW_RSCN port state. */
export const SwRscnPortState = { NO_ADDITIONAL_INFORMATION: 0, ONLINE: 1, OFFLINE: 2 } as const;
/** How much of the affected address counts. Source: FC-SW-6, SW_RSCN address format. */
export const SwRscnAddressFormat = { PORT: 0, AREA: 1, DOMAIN: 2, FABRIC: 3 } as const;
/** Who saw it. Source: FC-SW-6, SW_RSCN detection function. */
export const DetectionFunction = { FABRIC: 1, N_PORT: 2 } as const;

/** A device behind an affected port. Shape: 20 bytes. Source: FC-SW-6, SW_RSCN device entry. */
export const deviceEntry = codec('device entry', 'FC-SW-6, SW_RSCN', {
  portState: named(u8, SwRscnPortState),
  portId: fcId,
  portName: wwn,
  nodeName: wwn,
});
export type DeviceEntry = Infer<typeof deviceEntry>;

/**
 * Inter-switch registered state change notification.
 *
 * Shape: 16 bytes and 20 per device; old switches count devices that they do not list.
 * Source: FC-SW-6, SW_RSCN.
 */
export const swRscn = codec(
  'SW_RSCN',
  'FC-SW-6, SW_RSCN',
  {
    ...head(SwIlsCommand.SW_RSCN),
    portState: withDefault(named(bit(4), SwRscnPortState), 0),
    addressFormat: withDefault(named(bit(4), SwRscnAddressFormat), 0),
    affectedPortId: fcId,
    detectionFunction: named(u32, DetectionFunction),
    deviceCount: derived(u32, (value) => (Array.isArray(value.devices) ? value.devices.length : 0)),
    devices: list(deviceEntry, {
      count: of<{ deviceCount: number }>((value) => value.deviceCount),
      mayBeCut: true,
    }),
  },
  'SW_RSCN',
);
export type SwRscn = Infer<typeof swRscn>;
/** Accept of SW_RSCN. Shape: 4 bytes. */
export const swRscnAccept = plainAccept('SW_RSCN');

/**
 * Distribute registered link incident records.
 *
 * Shape: 4 bytes and a payload.
 * Layout: no public source.
 */
export const drlir = bareRequest('DRLIR');
export type Drlir = Infer<typeof drlir>;
/** Accept of DRLIR. Shape: 4 bytes. */
export const drlirAccept = plainAccept('DRLIR');
/**
 * Disconnect class 1 (obsolete in FC-SW-5).
 *
 * Shape: 4 bytes and a payload.
 * Layout: no public source.
 */
export const dscn = bareRequest('DSCN');
export type Dscn = Infer<typeof dscn>;
/** Accept of DSCN. Shape: 4 bytes and a payload. */
export const dscnAccept = bareAccept('DSCN');
/** Loop detection (obsolete in FC-SW-3). Shape: 4 bytes and a payload. Layout: no public source. */
export const loopd = bareRequest('LOOPD');
export type Loopd = Infer<typeof loopd>;
/** Accept of LOOPD. Shape: 4 bytes and a payload. */
export const loopdAccept = bareAccept('LOOPD');
