/** Settings of data center bridging: what a port begins with, and whether they make sense. */
import type { DcbSettings, EtsSettings, PriorityOfApplication } from '../../history/dcb.ts';
import type { QueueConfiguration } from '../../history/qos.ts';

/** Priorities of a tag, and groups of them at a port. */
export const PRIORITIES = 8;
const PERCENT = 100;

/** `count` values. */
export const eachOf = <T>(make: (index: number) => T): T[] =>
  Array.from({ length: PRIORITIES }, (_, i) => make(i));

/** EtherTypes that FCoE needs to have one priority. Source: FC-BB-5, FCoE and FIP. */
const FCOE_ETHER_TYPES = [0x8906, 0x8914] as const;

/** Both protocols of FCoE at a priority. */
export const fcoeApplications = (priority: number): PriorityOfApplication[] =>
  FCOE_ETHER_TYPES.map((protocolId) => ({ kind: 'EtherType', protocolId, priority }));

/** All priorities in one group, served as it comes. */
export const ONE_GROUP: EtsSettings = {
  groups: eachOf(() => 0),
  bandwidth: eachOf(() => 'strict'),
};

/** What a port has that wants nothing. */
export const NO_DCB: DcbSettings = { ...ONE_GROUP, pfcEnabled: 0, applications: [] };

/**
 * What a converged link has: FCoE's priority is paused instead of dropped and has a group of its own with half of
 * the bandwidth.
 */
export function convergedSettings(priority = 3): DcbSettings {
  return {
    groups: eachOf((one) => (one === priority ? 1 : 0)),
    bandwidth: eachOf((one) => (one < 2 ? PERCENT / 2 : 'strict')),
    pfcEnabled: 1 << priority,
    applications: fcoeApplications(priority),
  };
}

/** The queues that settings ask for. */
export function queuesOf(settings: DcbSettings): QueueConfiguration {
  const { groups, bandwidth, pfcEnabled } = settings;
  const fcoePriority = priorityOf(settings, FCOE_ETHER_TYPES[0]);
  return { groups, bandwidth, pfcEnabled, ...(fcoePriority === undefined ? {} : { fcoePriority }) };
}

/** Transmission selection alone. */
export const etsIn = ({ groups, bandwidth }: EtsSettings): EtsSettings => ({ groups, bandwidth });

/** Why settings of transmission selection make no sense; `undefined` where they do. */
export function etsFault({ groups, bandwidth }: EtsSettings): string | undefined {
  if (groups.some((one) => one >= PRIORITIES)) return 'a priority has a group above 7';
  const shares = bandwidth.filter((one) => one !== 'strict');
  const sum = shares.reduce((total, one) => total + one, 0);
  if (shares.length > 0 && sum !== PERCENT) return `shares of bandwidth make ${sum} %, not 100`;
  return undefined;
}

/** The priority that an EtherType's frames have; `undefined` where nothing says so. */
export const priorityOf = (
  { applications }: Pick<DcbSettings, 'applications'>,
  etherType: number,
): number | undefined =>
  applications.find((one) => one.kind === 'EtherType' && one.protocolId === etherType)?.priority;

/** Whether two ends have the same. */
export const sameSettings = (a: unknown, b: unknown): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
