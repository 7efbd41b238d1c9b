/** What a move is asked to do, and what became of it. */
import type { FabricAnswer, FabricCommand } from '../fabric/fc/commands.ts';
import type { MoveEnded, MoveEvent, Phase } from '../history/move.ts';
import type { AttachmentIdentity } from '../host/attachment-identity.ts';
import type { Drain, HostAnswer, HostCommand } from '../host/control.ts';
import type { DiskCopyOptions } from '../host/disk-copy.ts';
import type { VhbaIdentity } from '../host/vhba-identity.ts';
import type { LanAnswer, LanCommand } from '../net/lan-uplink.ts';

type Wwn = VhbaIdentity['wwpn'];

/**
 * When the LAN takes a guest's frames to its new host: before its memory is copied, while it stands still and its
 * storage goes over, or when it runs again.
 */
export const LAN_ORDERS = ['lan-first', 'together', 'san-first'] as const;
/** One of `LAN_ORDERS`. */
export type LanOrder = (typeof LAN_ORDERS)[number];

/** The LAN's half of a move: the nodes that stand for the hosts there. */
export interface PlannedLan {
  readonly order: LanOrder;
  readonly from: string;
  readonly to: string;
}

/** Which names the virtual machine has on its new host. */
export const STRATEGIES = [
  /** A second WWPN per fabric logs in on the destination before the first one leaves. */
  'wwpn-pair',
  /** One WWPN per fabric, which leaves the source and then joins the destination. */
  'same-wwpn',
  /** Each host port has a name of its own; the switch puts the guest's in its place, there or here. */
  'proxy',
  /** The guest is shut down, and started again on the destination under the same names. */
  'cold',
  /** The fabric carries the login itself over: the same address, and no login on the destination. */
  'handoff',
] as const;

/** Which sessions the virtual machine has on its new host, over iSCSI. */
export const SESSION_STRATEGIES = [
  /** Another one: the destination logs in while the guest still runs on the source. */
  'other-isid',
  /** The same one: the target ends the source's sessions when the destination logs in. */
  'same-isid',
  /** A random one at each login, and commands of a lost session are sent again, as QEMU's initiator does. */
  'random-isid',
  /** The initiator is the guest's own: its sessions go with its memory, and nothing logs in. */
  'in-guest',
] as const;
/** One of `STRATEGIES`, or over iSCSI of `SESSION_STRATEGIES`. */
export type Strategy = (typeof STRATEGIES)[number] | (typeof SESSION_STRATEGIES)[number];

/** True where source and destination are two initiator ports, which are logged in side by side. */
export const isOverlapping = (strategy: Strategy): boolean =>
  strategy === 'wwpn-pair' || strategy === 'other-isid' || strategy === 'random-isid';

/** What keeps frames of the source from doing harm when they come late. They combine freely. */
export const DEFENCES = [
  /** Nothing is sent on the destination before `quiesceNs` have passed since the source's last word. */
  'wait-r-a-tov',
  /** The destination goes on only when every target has accepted the LOGO; else after R_A_TOV. */
  'logo-acknowledged',
  /** An N_Port_ID that the fabric does not call clean is used only after R_A_TOV. */
  'clean-address',
  /** The switch clears the old virtual link and its access list before the new login. */
  'acl-first',
  /** Each login has OX_IDs of its own, and targets drop commands with those of another. */
  'oxid-epochs',
  /** The destination fences the source's keys by PREEMPT AND ABORT before it sends anything. */
  'preempt-and-abort',
] as const;

/** What keeps data of the source's sessions from doing harm when they come late, over iSCSI. */
export const SESSION_DEFENCES = [
  /** The destination goes on only when every target has answered the logout; otherwise the move is taken back. */
  'logout-acknowledged',
  /** The source has every target reset its nexus before it leaves; otherwise the move is taken back. */
  'nexus-reset',
  /** The destination sends nothing before Time2Wait and Time2Retain of the source's sessions have passed. */
  'time2retain',
] as const;
/** One of `DEFENCES`, or over iSCSI of `SESSION_DEFENCES`. */
export type Defence = (typeof DEFENCES)[number] | (typeof SESSION_DEFENCES)[number];

/**
 * How much of the destination is compared with the source before the guest goes over (PowerVM's
 * levels of NPIV validation): fabrics, logins and logical units, fabrics and logins, or nothing.
 */
export const PREFLIGHTS = ['disk', 'port', 'none'] as const;
/** One of `PREFLIGHTS`. */
export type Preflight = (typeof PREFLIGHTS)[number];

/** A switch that a move concerns, and what a `proxy` or `handoff` move has it do. */
export interface PlannedFabric {
  readonly name: string;
  /** The WWPN that targets and zones know. */
  readonly wwpn: Wwn;
  /** Names that the host ports log in with, where the switch puts `wwpn` in their place. */
  readonly sourceWwpn: Wwn;
  readonly destinationWwpn: Wwn;
  /** Port of the destination on this fabric. */
  readonly destinationPort: number;
}

/** A move as its mover carries it out: who, from where to where, by which names, how carefully. */
export interface MovePlan {
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  readonly strategy: Strategy;
  readonly drain: Drain;
  /** A drain that waits turns into one that aborts after this long. */
  readonly drainTimeoutNs: number;
  /**
   * A write of which the target said no last word is sent again after this long; the host's policy
   * when left out.
   */
  readonly requeueWaitNs?: number;
  readonly defences: readonly Defence[];
  /** How long `wait-r-a-tov` waits. */
  readonly quiesceNs: number;
  /** How long `time2retain` waits. */
  readonly time2RetainNs?: number;
  /** R_A_TOV of the fabrics, for a LOGO that nobody confirms. */
  readonly rATovNs: number;
  /** `wwpn-pair` without `logo-acknowledged`: the first WWPNs stay logged in so long after the resume. */
  readonly overlapNs: number;
  /** The destination's names log in while the guest still runs, though they are the source's. */
  readonly preCreated: boolean;
  /** Logins and scans on the destination must be done after this long. */
  readonly joinTimeoutNs: number;
  readonly preflight: Preflight;
  /** How long a write from the destination takes by the distances, and how long it may. */
  readonly forecast?: { readonly writeNs: number; readonly boundNs: number };
  /** What a destination does that cannot log the names in. */
  readonly fallBack: 'none' | 'physical';
  /** The fabrics of the move. */
  readonly fabrics: readonly PlannedFabric[];
  /** How long memory is copied while the guest runs. */
  readonly preCopyNs: number;
  /** How long the last dirty pages take while it stands still. */
  readonly stateCopyNs: number;
  /** What the logical units are called, by their NAA identifiers in hex: for words about them. */
  readonly units?: readonly { readonly luName: string; readonly name: string }[];
  /** Left out: only the storage network is told of the move. */
  readonly lan?: PlannedLan;
  /** A disk of the guest goes along: it is copied to another unit, and the guest has that one behind the move. */
  readonly disk?: DiskCopyOptions;
  /** The names in use on the source, and those to use on the destination. */
  readonly source: readonly AttachmentIdentity[];
  readonly destination: readonly AttachmentIdentity[];
}

/** What became of a move; `reason` in words for people. */
export type MoveResult =
  | { readonly outcome: 'moved' }
  /** Preflight said no; nothing was touched. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** A later step failed; the guest runs on the source again. */
  | { readonly outcome: 'rolled-back'; readonly reason: string }
  /** A later step failed and so did the way back: the guest stands still. */
  | { readonly outcome: 'stranded'; readonly reason: string };

/** What became of a move, from what was told of its end. */
export function resultOf({ outcome, reason }: Pick<MoveEnded, 'outcome' | 'reason'>): MoveResult {
  return outcome === 'moved' ? { outcome } : { outcome, reason };
}

/** What a strategy asks its mover for, one step at a time. */
export type Step =
  | { readonly step: 'ask'; readonly host: string; readonly command: HostCommand }
  | { readonly step: 'ask-fabric'; readonly fabric: string; readonly command: FabricCommand }
  | { readonly step: 'ask-lan'; readonly node: string; readonly command: LanCommand }
  | { readonly step: 'wait'; readonly delayNs: number }
  | { readonly step: 'phase'; readonly phase: Phase; readonly detail: string };

/** What a host or a switch says to what it was asked. */
export type Answer = HostAnswer | FabricAnswer | LanAnswer;

/** A move as a sequence of steps; what asks gets an answer, the others get `undefined`. */
export type MoveSteps = Generator<Step, MoveResult, Answer | undefined>;

/**
 * What a mover asks of a host or a switch, as an output of its machine: no happening. A command that
 * comes again under its number was not answered in time: its answer is given again, and nothing is
 * done twice.
 */
export type MoverCommand =
  | {
      readonly type: 'command';
      readonly host: string;
      readonly id: number;
      readonly command: HostCommand;
    }
  | {
      readonly type: 'fabric-command';
      readonly fabric: string;
      readonly id: number;
      readonly command: FabricCommand;
    }
  | {
      readonly type: 'lan-command';
      readonly node: string;
      readonly id: number;
      readonly command: LanCommand;
    };

/** What a mover tells its owner: what happened to the move, and its commands. */
export type MoverEvent = MoveEvent | MoverCommand;
