/** What a run is given, who follows it, and what it gives back. */
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import type { Verdict } from '../audit/verdict.ts';
import type { PcapngWriter } from '../capture/index.ts';
import type { HistoryEntry, Places, UnitPlace } from '../history/index.ts';
import type { FaultRule } from '../link/faults.ts';
import type { Instant } from '../machine/machine.ts';
import type { MovePlan, MoveResult } from '../mobility/plan.ts';
import type { World } from '../scenario/build.ts';
import type { Scenario } from '../scenario/schema.ts';
import type { Topology } from '../scenario/topology.ts';
import type { FaultHit, FrameWatcher } from './adversary.ts';
import type { BackupMade } from './backup-log.ts';
import type { Fault } from './fault.ts';
import type { IoAccount, IoFailure, TimelineEntry } from './io-account.ts';
import type { LanReport } from './lan-account.ts';

/** How a run is made. All but the scenario may be left out. */
export interface RunOptions {
  readonly scenario: Scenario;
  /** Every frame at every switch port goes here. */
  readonly capture?: PcapngWriter;
  /** Nothing more is written to the capture beyond so many bytes of frames; 1 GiB when left out. */
  readonly captureBytesMax?: number;
  /** What the capture says of a frame, by its number. */
  readonly comments?: ReadonlyMap<number, string>;
  /** Rules that are in force from power on. */
  readonly rules?: readonly FaultRule[];
  /** What the adversary does to the move. */
  readonly faults?: readonly Fault[];
  /**
   * The network discards a frame that it has held for longer; R_A_TOV when left out. More than
   * that is a network outside the standard.
   */
  readonly lifetimeNs?: Instant;
  /**
   * Guests rest after so many I/Os until the next step of the move: a run with faults waits for
   * time-outs of many seconds, in which a busy guest would only cost time. Left out: no rest.
   */
  readonly iosPerStep?: number;
  /** Sees every frame of the move as it is sent, with the number that faults name it by. */
  readonly sees?: FrameWatcher;
  /** Changes the plan of the world before it is built: how long cables are. */
  readonly arrange?: (topology: Topology) => Topology;
  /** Changes the world before it runs: tests put broken machines in. */
  readonly prepare?: (world: World) => void;
  /** Hears and sees everything that the auditor does: a report is made of it. */
  readonly observer?: RunObserver;
  /** Called now and then with the virtual time and the frames so far. */
  readonly progress?: (timeNs: Instant, frames: number) => void;
}

/** Who follows a run: told first where things are, then of every happening and every tapped frame. */
export interface RunObserver {
  begin?(places: Places): void;
  observe?(entry: HistoryEntry): void;
  see?(frame: TappedFrame): void;
  /** A frame leaves the card of an array, or has come there. */
  arrive?(frame: TappedFrame): void;
}

/** What came of a run. Times are nanoseconds of virtual time, from power on. */
export interface RunReport {
  readonly scenario: string;
  readonly seed: number;
  readonly strategy: string;
  /** 16 hexadecimal digits that change with anything that happened. */
  readonly digest: string;
  readonly virtualTimeNs: number;
  /** Frames that taps saw, each once per link it passed. */
  readonly frames: number;
  /** Frames in the capture: fewer where it came to its bound. */
  readonly captured: number;
  /** How the moves ended: as the first that was not done, or well. */
  readonly result: MoveResult;
  /** Every move, in the order of the scenario. */
  readonly moves: readonly (Pick<MovePlan, 'vm' | 'from' | 'to' | 'strategy'> & MoveResult)[];
  readonly io: IoAccount;
  readonly blackoutNs: number;
  readonly timeline: readonly TimelineEntry[];
  /** Where there is a LAN: what became of the datagrams of the guest that moves first. */
  readonly lan?: LanReport;
  readonly verdict: readonly Verdict[];
  /** What the adversary's faults hit, and the rules that delay or drop. */
  readonly hits: readonly FaultHit[];
  /** The I/Os that failed, by guest, logical unit, kind and reason, in the order of the first of each. */
  readonly failures: readonly IoFailure[];
  /** Events of the scenario that did not happen, in words: their step or time never came. */
  readonly eventsLeft: readonly string[];
  /** The logical units as their owner calls them. */
  readonly units: readonly UnitPlace[];
  /** The backups that have ended, in their order. */
  readonly backups: readonly BackupMade[];
}
