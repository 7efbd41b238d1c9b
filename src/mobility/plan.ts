/** What a move is asked to do, and what became of it. */
import type { HostAnswer, HostCommand, LuView, VhbaIdentity } from '../fabric/host/index.ts';
import type { Instant } from '../fabric/machine.ts';

/** Which names the virtual machine has on its new host. */
export const STRATEGIES = ['wwpn-pair', 'same-wwpn'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** What becomes of the I/O that is under way when the guest is stunned. */
export const DRAINS = ['wait', 'abort'] as const;
export type Drain = (typeof DRAINS)[number];

/** The steps of a move, in the order a person follows them. */
export type Phase =
  | 'preflight'
  | 'pre-copy'
  | 'stun'
  | 'drain'
  | 'leave'
  | 'join'
  | 'resume'
  | 'roll back';

export interface MovePlan {
  readonly vm: string;
  readonly from: string;
  readonly to: string;
  readonly strategy: Strategy;
  readonly drain: Drain;
  /** A drain that waits turns into one that aborts after this long. */
  readonly drainTimeoutNs: number;
  /** How long memory is copied while the guest runs. */
  readonly preCopyNs: number;
  /** How long the last dirty pages take while it stands still. */
  readonly stateCopyNs: number;
  /** The names in use on the source, and those to use on the destination. */
  readonly source: readonly VhbaIdentity[];
  readonly destination: readonly VhbaIdentity[];
}

export type MoveResult =
  | { readonly outcome: 'moved' }
  /** Preflight said no; nothing was touched. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** A later step failed; the guest runs on the source again. */
  | { readonly outcome: 'rolled-back'; readonly reason: string }
  /** A later step failed and so did the way back: the guest stands still. */
  | { readonly outcome: 'stranded'; readonly reason: string };

/** What a strategy asks its mover for, one step at a time. */
export type Step =
  | { readonly step: 'ask'; readonly host: string; readonly command: HostCommand }
  | { readonly step: 'wait'; readonly delayNs: number }
  | { readonly step: 'phase'; readonly phase: Phase; readonly detail: string };

/** A move as a sequence of steps; each `ask` is answered by the host, the others by `undefined`. */
export type MoveSteps = Generator<Step, MoveResult, HostAnswer | undefined>;

/** What a mover tells its owner. */
export type MoverEvent =
  | {
      readonly type: 'command';
      readonly host: string;
      readonly id: number;
      readonly command: HostCommand;
    }
  | { readonly type: 'phase'; readonly phase: Phase; readonly detail: string; readonly at: Instant }
  | { readonly type: 'moved'; readonly result: MoveResult; readonly at: Instant };

/** Differences between two views that make a move unsafe, in words; empty when there are none. */
export function compareViews(
  source: { readonly host: string; readonly view: readonly LuView[] },
  destination: { readonly host: string; readonly view: readonly LuView[] },
): string[] {
  const complaints: string[] = [];
  const there = new Map(destination.view.map((one) => [one.luName, one]));
  for (const unit of source.view) {
    const other = there.get(unit.luName);
    if (other === undefined) {
      complaints.push(
        `${destination.host} does not see logical unit ${unit.luName} (not zoned or not masked)`,
      );
      continue;
    }
    if (other.lunNumber !== unit.lunNumber) {
      complaints.push(
        `logical unit ${unit.luName} is LUN ${unit.lunNumber ?? 'unclear'} on ${source.host} and LUN ${other.lunNumber ?? 'unclear'} on ${destination.host}`,
      );
    }
    if (other.blocks !== unit.blocks) {
      complaints.push(
        `logical unit ${unit.luName} has ${unit.blocks} blocks on ${source.host} and ${other.blocks} on ${destination.host}`,
      );
    }
    if (other.ports.length < unit.ports.length) {
      complaints.push(
        `logical unit ${unit.luName} is reached over ${unit.ports.length} fabrics on ${source.host} and over ${other.ports.length} on ${destination.host}`,
      );
    }
  }
  if (source.view.length === 0) complaints.push(`no logical unit on ${source.host}`);
  return complaints;
}
