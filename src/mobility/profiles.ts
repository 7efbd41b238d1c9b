/**
 * Moves as vendors make them, as plain data: how the names go over, what becomes of I/O under way,
 * what keeps late frames harmless, and what the fabric is set to. And three that are meant to be
 * safe.
 *
 * Source: the vendors' documents and drivers, as named with each; docs/moves.md says more.
 */
import type { Drain } from '../host/control.ts';
import type { Defence, Preflight, Strategy } from './plan.ts';

/** Parts of a scenario's `move`, by their names there. */
export interface MoveSettings {
  readonly strategy?: Strategy;
  readonly drain?: Drain;
  readonly defences?: readonly Defence[];
  readonly requeueWaitMs?: number;
  readonly overlapMs?: number;
  readonly preCreated?: boolean;
  readonly joinTimeoutMs?: number;
  readonly preflight?: Preflight;
  readonly fallBack?: 'none' | 'physical';
  readonly stateCopyMs?: number;
}

/** Parts of each of a scenario's `fabrics`, by their names there. */
export interface FabricSettings {
  readonly duplicateWwpn?: 0 | 1 | 2;
  readonly persistentFcIds?: boolean;
  readonly fcIdReuse?: 'last' | 'immediately';
  readonly cleanAddress?: boolean;
  readonly accessLists?: 'strict' | 'lazy';
  readonly rscn?: 'zone' | 'all' | 'none';
  readonly baseLogout?: 'legacy' | 'new';
  readonly zoning?: 'none' | 'soft' | 'hard';
}

/** Parts of a scenario's `timing`, by their names there. */
export interface TimingSettings {
  readonly blackoutBudgetMs?: number;
}

/** Parts of a scenario's `array`, by their names there. */
export interface ArraySettings {
  readonly firstBurst?: boolean;
}

/** A vendor's way to move, or one of ours. */
export interface Profile {
  readonly title: string;
  readonly source: string;
  readonly move: MoveSettings;
  readonly fabric: FabricSettings;
  readonly timing?: TimingSettings;
  /** Meant to be safe against every frame that is late by less than R_A_TOV. */
  readonly isMeantSafe: boolean;
}

/** The profiles, by the names that scenarios and the command line use. */
export const PROFILES = {
  powervm: {
    title: 'IBM PowerVM Live Partition Mobility: the client purges and requeues without ABTS',
    source: 'Linux drivers/scsi/ibmvscsi/ibmvfc.c; IBM, Live Partition Mobility with NPIV',
    move: { strategy: 'wwpn-pair', drain: 'purge', defences: [], requeueWaitMs: 0, overlapMs: 25 },
    fabric: {},
    isMeantSafe: false,
  },
  'hyper-v': {
    title: 'Microsoft Hyper-V: address sets A and B take turns',
    source: 'Microsoft, Hyper-V Virtual Fibre Channel; Set-VMFibreChannelHba',
    move: { strategy: 'wwpn-pair', drain: 'wait', defences: [], overlapMs: 25 },
    fabric: {},
    isMeantSafe: false,
  },
  vmware: {
    title: 'VMware vMotion with NPIV: same WWPN, or silently the physical HBA',
    source: 'VMware, vSphere Storage, N-Port ID Virtualization',
    move: {
      strategy: 'same-wwpn',
      drain: 'wait',
      defences: ['logo-acknowledged'],
      fallBack: 'physical',
    },
    fabric: {},
    isMeantSafe: false,
  },
  libvirt: {
    title: 'KVM and libvirt: the operator has made the vHBA on the destination beforehand',
    source: 'Red Hat, Using NPIV storage with virtual machines; libvirt wiki, NPIV in libvirt',
    move: { strategy: 'same-wwpn', drain: 'wait', defences: [], preCreated: true },
    fabric: {},
    isMeantSafe: false,
  },
  'hp-integrity': {
    title: 'HP Integrity VM: the destination is probed while the guest is frozen, for 30 s at most',
    source: 'HPE, Integrity VM, NPIV online migration considerations',
    move: {
      strategy: 'same-wwpn',
      drain: 'wait',
      defences: ['logo-acknowledged'],
      joinTimeoutMs: 30_000,
    },
    fabric: {},
    isMeantSafe: false,
  },
  npv: {
    title: 'Cisco NPV: the edge logs servers in as NPIV ports, with persistent FC IDs',
    source: 'Cisco MDS 9000, Interfaces Configuration Guide, N Port Virtualization',
    move: { strategy: 'proxy', drain: 'wait', defences: ['logo-acknowledged'] },
    fabric: { persistentFcIds: true },
    isMeantSafe: false,
  },
  flexattach: {
    title: 'Cisco FlexAttach: the virtual pWWN goes to a spare port when a server has failed',
    source: 'Cisco MDS 9000, Interfaces Configuration Guide, FlexAttach virtual pWWN',
    move: { strategy: 'proxy', drain: 'link-pull', defences: [], requeueWaitMs: 0 },
    fabric: { persistentFcIds: true, accessLists: 'lazy' },
    isMeantSafe: false,
  },
  'fa-pwwn': {
    title: 'Brocade FA-PWWN: the switch assigns the port name and moves it with the server',
    source: 'Brocade Fabric OS Administration Guide, fabric-assigned PWWN',
    move: { strategy: 'proxy', drain: 'logout-clears', defences: [], requeueWaitMs: 0 },
    fabric: {},
    isMeantSafe: false,
  },
  'profile-move': {
    title: 'HPE Virtual Connect, Cisco UCS: the profile is moved while the server is off',
    source: 'HPE, Virtual Connect Enterprise Manager; Cisco UCS Manager, service profiles',
    move: {
      strategy: 'cold',
      drain: 'wait',
      defences: ['logo-acknowledged'],
      stateCopyMs: 1000,
    },
    fabric: {},
    isMeantSafe: true,
  },
  handoff: {
    title: 'Clean-sheet: the fabric carries the login over by itself, and targets notice nothing',
    source: 'our own: what a fabric could do, as no standard has it do',
    move: { strategy: 'handoff', drain: 'wait', defences: [] },
    fabric: {},
    isMeantSafe: true,
  },
  'safe-pair': {
    title: 'A pair of WWPNs, everything completed, every LOGO confirmed',
    source: 'what the parts of a move allow',
    move: { strategy: 'wwpn-pair', drain: 'wait', defences: ['logo-acknowledged'] },
    fabric: {},
    isMeantSafe: true,
  },
  'safe-same': {
    title: 'The same WWPN, everything completed, every LOGO confirmed, only clean addresses',
    source: 'what the parts of a move allow',
    move: {
      strategy: 'same-wwpn',
      drain: 'wait',
      defences: ['logo-acknowledged', 'clean-address', 'oxid-epochs'],
    },
    fabric: { cleanAddress: true },
    isMeantSafe: true,
  },
  'safe-crash': {
    title: 'The source has died: its links are cleared, and its frames are waited out',
    source: 'what the parts of a move allow',
    move: {
      strategy: 'wwpn-pair',
      drain: 'crash',
      defences: ['acl-first', 'wait-r-a-tov'],
      requeueWaitMs: 0,
    },
    fabric: {},
    timing: { blackoutBudgetMs: 30_000 },
    isMeantSafe: true,
  },
} as const satisfies Readonly<Record<string, Profile>>;

/** A name in `PROFILES`. */
export type ProfileName = keyof typeof PROFILES;
/** The names in `PROFILES`, in their order. */
export const PROFILE_NAMES = Object.keys(PROFILES) as ProfileName[];

/** A profile by its name. */
export function profileOf(name: ProfileName): Profile {
  return PROFILES[name];
}

/** What a fabric or an array may be set to besides, by name: a dimension of the zoo. */
export const SETTINGS = {
  'as-is': {},
  'persistent-ids': { fabric: { persistentFcIds: true } },
  'reuse-at-once': { fabric: { fcIdReuse: 'immediately' } },
  'clean-ids': { fabric: { cleanAddress: true } },
  'duplicate-1': { fabric: { duplicateWwpn: 1 } },
  'duplicate-2': { fabric: { duplicateWwpn: 2 } },
  'lazy-acl': { fabric: { accessLists: 'lazy', persistentFcIds: true } },
  'no-rscn': { fabric: { rscn: 'none' } },
  'soft-zoning': { fabric: { zoning: 'soft' } },
  'first-burst': { fabric: { persistentFcIds: true }, array: { firstBurst: true } },
} as const satisfies Readonly<
  Record<string, { readonly fabric?: FabricSettings; readonly array?: ArraySettings }>
>;

/** A name in `SETTINGS`. */
export type SettingName = keyof typeof SETTINGS;
/** The names in `SETTINGS`, in their order. */
export const SETTING_NAMES = Object.keys(SETTINGS) as SettingName[];

/** A setting by its name. */
export function settingOf(name: SettingName): {
  readonly fabric?: FabricSettings;
  readonly array?: ArraySettings;
} {
  return SETTINGS[name];
}
