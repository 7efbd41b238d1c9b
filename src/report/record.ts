/** What a report shows of a run, gathered from what the auditor is told too. */
import { type MoveStep, MoveSteps } from '../audit/ledger/move-steps.ts';
import { OpenIos } from '../audit/ledger/open-ios.ts';
import type { TappedFrame } from '../audit/seen/tapped-frame.ts';
import {
  type FabricLogin,
  type FabricLogout,
  type HistoryEntry,
  type IoCompleted,
  type LoginHandedOver,
  PlaceIndex,
  type Places,
} from '../history/index.ts';
import type { RunObserver } from '../run/options.ts';
import type { Scenario } from '../scenario/schema.ts';
import { LatencyHistogram, TimeHistogram } from './histogram.ts';

/** Bytes of frames that are kept for the ladder diagrams; the oldest go first. */
const FRAME_BYTES_MAX = 256 * 1024 * 1024;
/** Logins and logouts that are listed. */
const LOGINS_MAX = 1000;
/** A report is about few paths; beyond this many they are counted together. */
const PATHS_MAX = 64;

/** The parts of a run around a move. */
export const STAGES = ['before', 'during', 'after'] as const;
/** A part of a run around a move. */
export type Stage = (typeof STAGES)[number];

/** Frames and I/Os that went one way, by stage. */
export interface PathRecord {
  readonly name: string;
  readonly counts: Record<Stage, number>;
  readonly overTime: TimeHistogram;
}

/** What the I/Os of guests that are not followed are told as. */
export const OTHER_GUESTS = 'other guests';

interface OpenIo {
  readonly at: number;
  readonly vm: string;
  path: string;
}

/** What a record is about. */
export interface RecordOptions {
  /** Guests whose paths are told one by one; those of all others are summed. Left out: every guest. */
  readonly followed?: readonly string[];
}

/** A change of a login as its switch told it. */
export interface LoginRecord {
  readonly at: number;
  readonly fabric: string;
  readonly link: string;
  readonly event: FabricLogin | FabricLogout | LoginHandedOver;
}

const newPath = (name: string): PathRecord => ({
  name,
  counts: { before: 0, during: 0, after: 0 },
  overTime: new TimeHistogram(),
});

/** Gathers. Give it everything in order. */
export class RunRecord implements RunObserver {
  /** Frames by tap, I/Os by host and target. */
  readonly taps = new Map<string, PathRecord>();
  readonly paths = new Map<string, PathRecord>();
  readonly latency: Readonly<Record<Stage, LatencyHistogram>> = {
    before: new LatencyHistogram(),
    during: new LatencyHistogram(),
    after: new LatencyHistogram(),
  };
  readonly logins: LoginRecord[] = [];
  loginsLeftOut = 0;
  readonly frames = new Map<number, TappedFrame>();
  places = new PlaceIndex({ nodes: [], ports: [] });
  lastNs = 0;
  #frameBytes = 0;
  #stage: Stage = 'before';
  readonly #moves = new MoveSteps<MoveStep>((step) => step);
  readonly #open = new OpenIos<OpenIo>();
  readonly #followed: readonly string[] | undefined;

  constructor({ followed }: RecordOptions = {}) {
    this.#followed = followed;
  }

  /** Steps of the move as they began. */
  get steps(): readonly MoveStep[] {
    return this.#moves.steps;
  }

  begin(places: Places): void {
    this.places = new PlaceIndex(places);
  }

  observe({ at, node, event }: HistoryEntry): void {
    this.lastNs = at;
    switch (event.type) {
      case 'login':
      case 'logout':
      case 'handed-over':
        this.#login(at, node, event);
        return;
      case 'move-step':
        this.#moves.take(at, event);
        if (event.phase === 'stun' && this.#stage === 'before') this.#stage = 'during';
        return;
      case 'move-end':
        this.#moves.take(at, event);
        this.#stage = 'after';
        return;
      case 'io-submit':
        this.#open.begin(event, { at, vm: event.vm, path: event.vm });
        return;
      case 'io-sent': {
        const io = this.#open.get(event);
        const { address, targetAddress } = event;
        if (io !== undefined) io.path = `${node} ${hex24(address)} to ${hex24(targetAddress)}`;
        return;
      }
      case 'io-complete':
        this.#complete(at, event);
    }
  }

  see(frame: TappedFrame): void {
    this.lastNs = frame.at;
    this.#count(this.taps, frame.tap, frame.at);
    this.frames.set(frame.number, frame);
    this.#frameBytes += frame.bytes.length;
    for (const [number, { bytes }] of this.frames) {
      if (this.#frameBytes <= FRAME_BYTES_MAX) break;
      this.frames.delete(number);
      this.#frameBytes -= bytes.length;
    }
  }

  #login(at: number, node: string, event: LoginRecord['event']): void {
    if (this.logins.length >= LOGINS_MAX) {
      this.loginsLeftOut++;
      return;
    }
    const port = event.type === 'handed-over' ? event.toPort : event.port;
    const link = this.places.linkAt(node, port)?.link ?? '';
    this.logins.push({ at, fabric: this.places.fabricOf(node), link, event });
  }

  #complete(at: number, event: IoCompleted): void {
    const io = this.#open.end(event);
    if (io === undefined) return;
    this.latency[this.#stage].add(at - io.at);
    const isTold = this.#followed?.includes(io.vm) ?? true;
    this.#count(this.paths, isTold ? io.path : OTHER_GUESTS, at);
  }

  #count(paths: Map<string, PathRecord>, name: string, at: number): void {
    const known = paths.get(name);
    const key = known === undefined && paths.size >= PATHS_MAX ? 'others' : name;
    const path = known ?? paths.get(key) ?? newPath(key);
    paths.set(key, path);
    path.counts[this.#stage]++;
    path.overTime.add(at);
  }
}

/** An N_Port_ID as people write it: 01aa01. */
export function hex24(id: number): string {
  return id.toString(16).padStart(6, '0');
}

/** More guests than this make a page about all of them hard to read. */
const GUESTS_TOLD_MAX = 4;

/** The guests that a page about a scenario's run follows: of many, those that move. */
export function followedOf({ move, nextMoves, vms }: Scenario): RecordOptions {
  if (vms.length <= GUESTS_TOLD_MAX) return {};
  return { followed: [move.vm, ...nextMoves.map(({ vm = move.vm }) => vm)] };
}
