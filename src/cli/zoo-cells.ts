/** The ways of moving that `sanmotion zoo` tries, and what is known of one that was tried. */
import { DRAINS } from '../host/control.ts';
import { DEFENCES, type Defence, type LanOrder, SESSION_DEFENCES } from '../mobility/plan.ts';
import {
  PROFILE_NAMES,
  type ProfileName,
  profileOf,
  SETTING_NAMES,
  type SettingName,
} from '../mobility/profiles.ts';
import type { LanReport } from '../run/lan-account.ts';
import type { LateSchedule } from '../run/late-schedules.ts';
import { LAN_ANNOUNCEMENTS, type LanAnnouncement, type LanKind } from '../scenario/lan-words.ts';
import type { ScenarioOverrides } from '../scenario/overrides.ts';
import type { NFS_VERSIONS, Protocol } from '../scenario/protocols.ts';
import type { SmallCapture } from './small-captures.ts';

/** A way to make the move. What is left out is the profile's, or the scenario's. */
export interface Cell {
  readonly profile?: ProfileName;
  readonly protocol?: Protocol;
  readonly nfsVersion?: (typeof NFS_VERSIONS)[number];
  readonly strategy?: string;
  readonly drain?: string;
  readonly defences?: readonly string[];
  readonly setting?: SettingName;
  /** What follows the guest on a LAN, when, and what is said there. */
  readonly lan?: LanKind;
  readonly order?: LanOrder;
  readonly announcement?: LanAnnouncement;
}

/** What became of one run of a cell. */
export interface CellRun {
  /** `undefined`: nothing was late. */
  readonly late: LateSchedule | undefined;
  readonly digest: string;
  readonly violated: readonly string[];
}

/** What became of a cell. */
export interface CellResult {
  readonly cell: Cell;
  readonly drain: string;
  readonly defences: readonly string[];
  /** How the undisturbed move ended. */
  readonly outcome: string;
  readonly blackoutNs: number;
  /** Invariants that held in every run, as far as they could be observed. */
  readonly holds: number;
  /** Invariants that broke, and what was late in the first run that shows it; empty for nothing. */
  readonly breaks: readonly { readonly invariant: string; readonly late: string }[];
  readonly runs: readonly CellRun[];
  /** Round trips that a write takes between host and array, where protocols are compared. */
  readonly roundTrips?: number;
  /** Where there is a LAN: what became of its half. */
  readonly lan?: LanReport;
  /** Captures of what broke, where protocols are compared. */
  readonly captures?: readonly SmallCapture[];
  /** Why a run could not come to its end. */
  readonly error?: string;
  /** The command that makes the worst of its runs again, and what in it is this cell's own. */
  readonly replay: string;
  readonly words: string;
}

/** What is known of a way: carried out and never broken, broken by something, refused or undone, or not known. */
export function fateOf({
  breaks,
  error,
  outcome,
}: Pick<CellResult, 'breaks' | 'error' | 'outcome'>): 'safe' | 'unsafe' | 'not made' | 'no end' {
  if (error !== undefined) return 'no end';
  if (breaks.length > 0) return 'unsafe';
  return outcome === 'moved' ? 'safe' : 'not made';
}

/** Every profile as it is, and where drains, defences and settings make a difference, those. */
export function selection(): Cell[] {
  const plain = PROFILE_NAMES.map((profile): Cell => ({ profile }));
  const drains = (['powervm', 'vmware', 'flexattach'] as const).flatMap((profile) =>
    DRAINS.filter((drain) => drain !== profileOf(profile).move.drain).map(
      (drain): Cell => ({ profile, drain, defences: [] }),
    ),
  );
  const pair = DEFENCES.map((defence): Cell => ({ profile: 'powervm', defences: [defence] }));
  const reuse = [[], ...DEFENCES.map((one) => [one])].map(
    (defences): Cell => ({
      profile: 'vmware',
      drain: 'purge',
      defences,
      setting: 'first-burst',
    }),
  );
  const duplicates = (['duplicate-1', 'duplicate-2'] as const).map(
    (setting): Cell => ({ profile: 'libvirt', setting }),
  );
  const settings = SETTING_NAMES.filter((name) => name !== 'as-is' && name !== 'first-burst').map(
    (setting): Cell => ({ profile: 'flexattach', setting }),
  );
  return [...plain, ...drains, ...pair, ...reuse, ...duplicates, ...settings];
}

/** Every profile with every drain, no defence or one, and every setting. */
export function fullSelection(): Cell[] {
  const defences = [[], ...DEFENCES.map((one) => [one])];
  return PROFILE_NAMES.flatMap((profile) =>
    DRAINS.flatMap((drain) =>
      defences.flatMap((some) =>
        SETTING_NAMES.map((setting): Cell => ({ profile, drain, defences: some, setting })),
      ),
    ),
  );
}

/**
 * The same late write over each protocol, with nothing that fences it and with each defence that there is. In all of
 * them commands under way are forgotten and sent again at once, and the old attachment goes a while later.
 */
export function protocolSelection(): Cell[] {
  const profile = 'powervm';
  const each = (protocol: Protocol, strategy: string, defences: readonly Defence[]): Cell[] =>
    [[], ...defences.map((one) => [one])].map((some) => ({
      profile,
      protocol,
      strategy,
      defences: some,
    }));
  return [
    ...(['fcoe', 'fc'] as const).flatMap((protocol) => [
      ...each(protocol, 'wwpn-pair', ['logo-acknowledged', 'preempt-and-abort', 'wait-r-a-tov']),
      ...each(protocol, 'same-wwpn', ['wait-r-a-tov']),
    ]),
    ...each('iscsi', 'other-isid', [...SESSION_DEFENCES, 'preempt-and-abort']),
    ...each('iscsi', 'same-isid', []),
    ...each('iscsi', 'random-isid', ['logout-acknowledged']),
    ...each('iscsi', 'in-guest', []),
    ...each('nfs', 'wwpn-pair', ['wait-r-a-tov']),
    ...each('nfs', 'wwpn-pair', ['wait-r-a-tov']).map(withSessions),
    ...each('nfs', 'same-wwpn', []).map(withSessions),
  ];
}

/** What the old and the new attachment are known by, where a protocol leaves no choice. */
const IDENTITIES: Readonly<Partial<Record<Protocol, string>>> = { nfs: 'its own address' };
/** Clients of NFS version 4.1: each host's own, or one on both. */
const OWNERS: Readonly<Record<string, string>> = {
  'wwpn-pair': 'other-owner',
  'same-wwpn': 'same-owner',
};

/** What the attachments of a way are known by, where protocols are compared. */
export function identityOf({ nfsVersion, protocol, strategy = '' }: Cell): string {
  if (protocol === undefined) return '';
  return (nfsVersion === undefined ? IDENTITIES[protocol] : OWNERS[strategy]) ?? strategy;
}

const withSessions = (cell: Cell): Cell => ({ ...cell, nfsVersion: 4.1 });

/** How the two halves of a move are made: each as it is made today, or both as one. */
export const LAN_DESIGNS = {
  /** The storage logs in anew, and the LAN hears of the guest when it runs again. */
  'in a vacuum': { strategy: 'same-wwpn', order: 'san-first' },
  /** The login is handed over, and the LAN goes while the guest stands still. */
  'clean sheet': { strategy: 'handoff', order: 'together' },
} as const satisfies Readonly<Record<string, Pick<Cell, 'strategy' | 'order'>>>;

/** Every way in which a LAN follows a guest, each by itself and as one with the storage. */
export function lanSelection(): Cell[] {
  const ways: readonly Pick<Cell, 'lan' | 'announcement'>[] = [
    ...LAN_ANNOUNCEMENTS.map((announcement) => ({ lan: 'learning', announcement }) as const),
    { lan: 'vxlan', announcement: 'RARP' },
    { lan: 'vxlan', announcement: 'none' },
    { lan: 'evpn', announcement: 'RARP' },
    { lan: 'evpn', announcement: 'none' },
    { lan: 'vdp', announcement: 'RARP' },
    { lan: 'vdp', announcement: 'none' },
  ];
  return ways.flatMap((way) => Object.values(LAN_DESIGNS).map((design) => ({ ...way, ...design })));
}

/** The cell as overrides of a scenario. */
export function overridesOfCell(cell: Cell): ScenarioOverrides {
  const { announcement, defences, drain, lan, nfsVersion, order, profile } = cell;
  const { protocol, setting, strategy } = cell;
  return {
    ...(protocol === undefined ? {} : { protocol }),
    ...(nfsVersion === undefined ? {} : { nfsVersion }),
    ...(profile === undefined ? {} : { profile }),
    ...(strategy === undefined ? {} : { strategy }),
    ...(drain === undefined ? {} : { drain }),
    ...(defences === undefined ? {} : { defences }),
    ...(setting === undefined ? {} : { settings: [setting] }),
    ...(lan === undefined ? {} : { lan }),
    ...(order === undefined ? {} : { order }),
    ...(announcement === undefined ? {} : { announcement }),
  };
}
