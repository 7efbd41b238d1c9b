/** What a report shows of a run, gathered from the observations that the auditor hears too. */
import type { FrameSeen, LoginSeen, Observation } from '../audit/observation.ts';
import { LatencyHistogram, TimeHistogram } from './histogram.ts';

/** Bytes of frames that are kept for the ladder diagrams; the oldest go first. */
const FRAME_BYTES_MAX = 256 * 1024 * 1024;
/** Logins and logouts that are listed. */
const LOGINS_MAX = 1000;
/** A report is about few paths; beyond this many they are counted together. */
const PATHS_MAX = 64;

/** The parts of a run around a move. */
export const STAGES = ['before', 'during', 'after'] as const;
export type Stage = (typeof STAGES)[number];

/** Frames and I/Os that went one way, by stage. */
export interface PathRecord {
  readonly name: string;
  readonly counts: Record<Stage, number>;
  readonly overTime: TimeHistogram;
}

interface OpenIo {
  readonly at: number;
  readonly vm: string;
  path: string;
}

const newPath = (name: string): PathRecord => ({
  name,
  counts: { before: 0, during: 0, after: 0 },
  overTime: new TimeHistogram(),
});

/** Gathers. Give it every observation in order. */
export class RunRecord {
  /** Frames by tap, I/Os by host and target. */
  readonly taps = new Map<string, PathRecord>();
  readonly paths = new Map<string, PathRecord>();
  readonly latency: Readonly<Record<Stage, LatencyHistogram>> = {
    before: new LatencyHistogram(),
    during: new LatencyHistogram(),
    after: new LatencyHistogram(),
  };
  readonly logins: LoginSeen[] = [];
  loginsLeftOut = 0;
  /** Steps of the move as they began. */
  readonly steps: { readonly phase: string; detail: string; readonly at: number }[] = [];
  readonly frames = new Map<number, FrameSeen>();
  lastNs = 0;
  #frameBytes = 0;
  #stage: Stage = 'before';
  readonly #open = new Map<string, OpenIo>();

  observe(one: Observation): void {
    this.lastNs = one.at;
    switch (one.kind) {
      case 'frame':
        this.#frame(one);
        return;
      case 'login':
      case 'logout':
        if (this.logins.length < LOGINS_MAX) this.logins.push(one);
        else this.loginsLeftOut++;
        return;
      case 'move':
        this.#step(one.phase, one.detail, one.at);
        return;
      case 'submit':
        this.#open.set(`${one.vm} ${one.io}`, { at: one.at, vm: one.vm, path: one.vm });
        return;
      case 'sent': {
        const io = this.#open.get(`${one.vm} ${one.io}`);
        if (io !== undefined) io.path = `${one.host} ${hex24(one.sId)} to ${hex24(one.dId)}`;
        return;
      }
      case 'complete':
        this.#complete(`${one.vm} ${one.io}`, one.at);
        return;
    }
  }

  #frame(frame: FrameSeen): void {
    this.#count(this.taps, frame.tap, frame.at);
    this.frames.set(frame.frame, frame);
    this.#frameBytes += frame.bytes.length;
    for (const [number, { bytes }] of this.frames) {
      if (this.#frameBytes <= FRAME_BYTES_MAX) break;
      this.frames.delete(number);
      this.#frameBytes -= bytes.length;
    }
  }

  #step(phase: string, detail: string, at: number): void {
    const last = this.steps.at(-1);
    if (last?.phase === phase) last.detail = detail;
    else this.steps.push({ phase, detail, at });
    if (phase === 'stun' && this.#stage === 'before') this.#stage = 'during';
    if (ENDS.has(phase)) this.#stage = 'after';
  }

  #complete(key: string, at: number): void {
    const io = this.#open.get(key);
    if (io === undefined) return;
    this.#open.delete(key);
    this.latency[this.#stage].add(at - io.at);
    this.#count(this.paths, io.path, at);
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

/** Phases in which a move is over. */
const ENDS = new Set(['moved', 'refused', 'rolled-back', 'stranded']);

/** An N_Port_ID as people write it: 01aa01. */
export function hex24(id: number): string {
  return id.toString(16).padStart(6, '0');
}
