/**
 * The adversary of a run: carries its faults out, each at its frame, and mends what it broke.
 *
 * The network it plays with keeps the standard's bound: a frame that is held longer than the
 * lifetime (R_A_TOV, unless the run says otherwise) is discarded and not delivered (FC-FS-3,
 * R_A_TOV: the longest time a frame may stay in the fabric). So a delay past the lifetime is a
 * loss, and a delay within it is a delay. With an unbounded lifetime the network is a broken one.
 *
 * FIP frames do not cross the fabric but one Ethernet hop, and no bridge may keep a frame longer
 * than a second (IEEE 802.1D, recommended maximum bridge transit delay): that is their lifetime.
 *
 * A bit that flips inside a switch passes the Ethernet FCS of the next link; the FC CRC finds it.
 * FIP has no check of its own: there the flip is on the link, and the FCS makes it a loss.
 */
import { exchangeIn } from '../audit/seen/exchange.ts';
import { RCtl } from '../codecs/fc/index.ts';
import type { Direction, FaultAction, FaultRule } from '../link/faults.ts';
import { type Instant, SECOND } from '../machine/machine.ts';
import type { AnySimulator } from './control-plane.ts';
import { CRASH_FOR_NS, CUT_FOR_NS, DUPLICATE_AFTER_NS, type Fault } from './fault.ts';

/** Stops a node now and starts it anew after so long. */
export type CrashNode = (node: string, forNs: Instant) => void;

/** Sees every frame of the move as it is sent, with its number. */
export type FrameWatcher = (number: number, frame: Uint8Array) => void;

/** A frame that a fault hit. */
export interface FaultHit {
  readonly fault: Fault;
  readonly at: Instant;
  readonly link: string;
  readonly direction: Direction;
  /** The node it was sent to. */
  readonly to: string;
  /** The frame's number among those sent in this direction of the link. */
  readonly ordinal: number;
  /** The frame as the fault left it. */
  readonly frame: Uint8Array;
}

/**
 * Plays with a network: counts the frames of a move, and does to each what its faults say. A node
 * that crashes is its owner's to stop and to start anew.
 */
export class Adversary {
  /** What was hit, in the order it happened. */
  readonly hits: FaultHit[] = [];
  readonly #simulator: AnySimulator;
  readonly #faults: readonly Fault[];
  readonly #lifetimeNs: number;
  readonly #crash: CrashNode;
  readonly #sees: FrameWatcher | undefined;
  #frames = 0;
  #quietAt: Instant = 0;

  constructor(
    simulator: AnySimulator,
    faults: readonly Fault[],
    lifetimeNs: number,
    crash: CrashNode,
    sees?: FrameWatcher,
  ) {
    this.#simulator = simulator;
    this.#faults = faults;
    this.#lifetimeNs = lifetimeNs;
    this.#crash = crash;
    this.#sees = sees;
  }

  /** From this instant on nothing that the faults did so far is still on its way. */
  get quietAt(): Instant {
    return this.#quietAt;
  }

  /** Frames are counted from now on. */
  begin(): void {
    if (this.#faults.length === 0 && this.#sees === undefined) return;
    const simulator = this.#simulator;
    // The first rule looks at every frame before the others do; it hits none.
    simulator.addFault({
      name: 'count',
      matches: (frame) => {
        this.#frames++;
        this.#sees?.(this.#frames, frame);
        this.#crashAt(this.#frames);
        return false;
      },
      action: { kind: 'drop' },
    });
    const byName = new Map<string, Fault>();
    for (const [index, fault] of this.#faults.entries()) {
      const name = `fault ${index + 1}`;
      byName.set(name, fault);
      if (fault.fault === 'hold') this.#hold(name, fault);
      for (const kind of ['fc', 'fip'] as const) {
        const plan = this.#planOf(fault, kind);
        if (plan === undefined) continue;
        const { action, lastsNs } = plan;
        simulator.addFault({
          name,
          times: 1,
          matches: (frame) => {
            if (this.#frames !== fault.frame || kindOf(frame) !== kind) return false;
            this.#busyFor(lastsNs);
            return true;
          },
          action,
        });
      }
    }
    watchHits(simulator, byName, this.hits);
  }

  /** One exchange waits on one hop while everything else goes by: its frames keep their order. */
  #hold(name: string, fault: Fault & { fault: 'hold' }): void {
    const { delayNs } = fault;
    if (delayNs > this.#lifetimeNs) return;
    let flow: string | undefined;
    let until = 0;
    this.#simulator.addFault({
      name,
      matches: (frame) => {
        const now = this.#simulator.nowNs;
        if (this.#frames === fault.frame) {
          flow = flowOf(frame);
          until = now + delayNs;
        } else if (flow !== undefined && isCommand(frame) && flowOf(frame) === flow) {
          // The same addresses and OX_ID again, but another exchange.
          flow = undefined;
        }
        if (flow === undefined || now >= until || flowOf(frame) !== flow) return false;
        this.#busyFor(delayNs);
        return true;
      },
      action: { kind: 'delay', delayNs },
    });
  }

  #planOf(fault: Fault, kind: 'fc' | 'fip'): Plan | undefined {
    const lifetimeNs = kind === 'fc' ? this.#lifetimeNs : Math.min(this.#lifetimeNs, BRIDGE_NS);
    switch (fault.fault) {
      case 'drop':
        return LOSS;
      case 'duplicate': {
        const afterNs = fault.delayNs ?? DUPLICATE_AFTER_NS;
        if (afterNs > lifetimeNs) return undefined;
        return { lastsNs: afterNs, action: { kind: 'duplicate', afterNs } };
      }
      case 'delay':
      case 'hold': {
        const { delayNs } = fault;
        if (delayNs > lifetimeNs) return LOSS;
        // The exchange of a frame that is held is seen to elsewhere.
        if (fault.fault === 'hold' && kind === 'fc') return undefined;
        return { lastsNs: delayNs, action: { kind: 'delay', delayNs } };
      }
      case 'corrupt':
        if (kind === 'fip') return LOSS;
        return { lastsNs: 0, action: { kind: 'corrupt', offsetBytes: CORRUPT_AT_BYTES } };
      case 'cut': {
        const forNs = fault.forNs ?? CUT_FOR_NS;
        return { lastsNs: forNs, action: { kind: 'cut', forNs } };
      }
      case 'crash':
        return undefined;
    }
  }

  /** A crash is no fault of a frame: the node stops, by a call of its own, when the frame is sent. */
  #crashAt(frame: number): void {
    for (const fault of this.#faults) {
      if (fault.fault !== 'crash' || fault.frame !== frame) continue;
      const forNs = fault.forNs ?? CRASH_FOR_NS;
      const simulator = this.#simulator;
      const { node } = fault;
      this.#busyFor(forNs);
      simulator.call(simulator.nowNs, () => this.#crash(node, forNs));
    }
  }

  #busyFor(lastsNs: Instant): void {
    this.#quietAt = Math.max(this.#quietAt, this.#simulator.nowNs + lastsNs);
  }
}

/** What a fault does to a frame, and how long its effect lasts by itself. */
interface Plan {
  readonly lastsNs: Instant;
  readonly action: FaultAction;
}

const LOSS: Plan = { lastsNs: 0, action: { kind: 'drop' } };
/** How long a bridge may keep a frame. */
const BRIDGE_NS = SECOND;
/** In the FC header, with a VLAN tag and without: there the CRC alone can find it. */
const CORRUPT_AT_BYTES = 44;

/** Notes what named rules that delay or drop have hit, as if the adversary had done it. */
export function watchRules(
  simulator: AnySimulator,
  rules: readonly FaultRule[],
  hits: FaultHit[],
): void {
  const faults = new Map<string, Fault>();
  for (const { action, name } of rules) {
    if (name === undefined) continue;
    if (action.kind === 'drop') faults.set(name, { frame: 0, fault: 'drop' });
    else if (action.kind === 'delay') {
      faults.set(name, { frame: 0, fault: 'delay', delayNs: action.delayNs });
    }
  }
  watchHits(simulator, faults, hits);
}

/** Notes every frame that a fault of these names hits. */
function watchHits(
  simulator: AnySimulator,
  byName: ReadonlyMap<string, Fault>,
  hits: FaultHit[],
): void {
  simulator.observe({
    frame: ({ what, fault, timeNs, link, direction, ordinal, frame }) => {
      const hit = what === 'faulted' ? byName.get(fault!.name) : undefined;
      if (hit === undefined) return;
      const { a, b } = simulator.link(link);
      const to = (direction === 'a-to-b' ? b : a).node;
      hits.push({ fault: hit, at: timeNs, link, direction, to, ordinal, frame });
    },
  });
}

/** The hop and the exchange of a frame, as its headers name them. */
function flowOf(frame: Uint8Array): string | undefined {
  const id = exchangeIn(frame);
  if (id === undefined) return undefined;
  const hop = frame.subarray(0, 12).join('.');
  return `${hop} ${id.originator} ${id.responder} ${id.oxId}`;
}

function isCommand(frame: Uint8Array): boolean {
  return exchangeIn(frame)?.header.rCtl === RCtl['Unsolicited Command'];
}

/** What is no frame of Fibre Channel crosses one hop, as FIP does. */
const kindOf = (frame: Uint8Array): 'fc' | 'fip' =>
  exchangeIn(frame) === undefined ? 'fip' : 'fc';
