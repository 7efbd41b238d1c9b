/** An exchange of data center bridging as a machine of its own, and two of them on one link. */
import type { Mac } from '../../src/codecs/layout/index.ts';
import { CodecError } from '../../src/codecs/layout/index.ts';
import type { DcbAgreement } from '../../src/history/dcb.ts';
import type { Instant, Machine, Output } from '../../src/machine/machine.ts';
import { MachineCore } from '../../src/machine/machine-core.ts';
import { type DcbxOptions, DcbxPort } from '../../src/net/dcbx/dcbx-port.ts';

/** What an exchange tells. */
export type DcbxTold = { readonly agreement: DcbAgreement } | { readonly contradiction: string };

/** One end; its link is up at first. */
export class DcbxEnd implements Machine<DcbxTold> {
  readonly core = new MachineCore<DcbxTold>();
  readonly port: DcbxPort;

  constructor(mac: Mac, options: DcbxOptions) {
    const { core } = this;
    this.port = new DcbxPort(options, {
      mac,
      get now() {
        return core.now;
      },
      after: (delayNs, run) => core.after(delayNs, run),
      send: (frame) => core.send(0, frame, true),
      agreed: (agreement) => core.emit({ agreement }),
      contradiction: (contradiction) => core.emit({ contradiction }),
    });
    this.port.linkUp();
  }

  handleFrame(_port: number, frame: Uint8Array, _given: boolean, now: Instant): void {
    this.core.now = now;
    try {
      this.port.handleFrame(frame);
    } catch (error) {
      if (!(error instanceof CodecError)) throw error;
    }
  }

  handleLink(_port: number, up: boolean, now: Instant): void {
    this.core.now = now;
    if (up) this.port.linkUp();
    else this.port.linkDown();
  }

  handleTimeout(now: Instant): void {
    this.core.handleTimeout(now);
  }

  poll(): Output<DcbxTold> | undefined {
    return this.core.poll();
  }

  get deadline(): Instant | undefined {
    return this.core.deadline;
  }
}

/** What an end has put out since it was asked last. */
export function drained(end: DcbxEnd): { frames: Uint8Array[]; told: DcbxTold[] } {
  const frames: Uint8Array[] = [];
  const told: DcbxTold[] = [];
  for (let one = end.poll(); one !== undefined; one = end.poll()) {
    if ('send' in one) frames.push(one.send);
    else told.push(one.event);
  }
  return { frames, told };
}

/** Runs two ends on one link until a time; returns their frames in order, and what each told. */
export function together(a: DcbxEnd, b: DcbxEnd, until: Instant) {
  const told: [DcbxTold[], DcbxTold[]] = [[], []];
  const frames: { readonly from: 0 | 1; readonly at: Instant; readonly frame: Uint8Array }[] = [];
  const ends = [a, b] as const;
  let now = Math.max(a.core.now, b.core.now);
  for (;;) {
    let moved = false;
    for (const from of [0, 1] as const) {
      const out = drained(ends[from]);
      told[from].push(...out.told);
      for (const frame of out.frames) {
        moved = true;
        frames.push({ from, at: now, frame });
        ends[1 - from]!.handleFrame(0, frame, false, now);
      }
    }
    if (moved) continue;
    const next = Math.min(a.deadline ?? Infinity, b.deadline ?? Infinity);
    if (next > until) break;
    now = next;
    for (const end of ends) end.handleTimeout(now);
  }
  return { told, frames };
}
