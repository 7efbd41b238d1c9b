import { describe, expect, it } from 'vitest';
import { Exchanges } from '../../../../src/audit/seen/exchanges.ts';
import type { FcFrame } from '../../../../src/audit/seen/frame.ts';
import { seeFrame } from '../../../../src/audit/seen/see-frame.ts';
import type { TapDirection } from '../../../../src/audit/seen/tapped-frame.ts';
import { RspFlags } from '../../../../src/codecs/fcp/index.ts';
import { ADDRESS } from '../../../helpers/audit-rig.ts';
import {
  abts,
  baAcc,
  command,
  dataIn,
  dataOut,
  response,
  xferRdy,
} from '../../../helpers/fc-frames.ts';

/** Exchanges that see frames on links, in this order. */
class Seer {
  readonly exchanges = new Exchanges();
  #number = 0;

  see(link: string, direction: TapDirection, ...frames: Uint8Array[]): FcFrame {
    let last: FcFrame | undefined;
    for (const bytes of frames) {
      const number = ++this.#number;
      const tapped = { at: number * 10, number, tap: link, fabric: 'A', direction, bytes };
      last = seeFrame(tapped) as FcFrame;
      this.exchanges.add(last);
    }
    return last!;
  }

  find(link = 'up') {
    return this.exchanges.find(link, ADDRESS, 1);
  }
}

describe('an exchange as a tap sees it', () => {
  it('is followed from its command to its response', () => {
    const seer = new Seer();
    seer.see('up', 'in', command(1, { lun: 3n << 48n, fcpDl: 1024, rddata: 1 }));
    seer.see('up', 'out', dataIn(1, 512, { fCtl: 0x80_0008 }));
    expect(seer.find()).toMatchObject({
      state: 'open',
      dataIn: 512,
      midSequence: true,
      gap: false,
    });
    const residual = { flags: RspFlags.RESID_UNDER, residualCount: 512 };
    const last = seer.see('up', 'out', response(1, residual));
    expect(last.exchange).toBe(seer.find());
    expect(seer.find()).toMatchObject({ state: 'answered', status: 0, residual: 512, lastAt: 30 });
  });

  it('knows what write data was asked for, and gaps in it', () => {
    const seer = new Seer();
    seer.see('up', 'in', command(1));
    seer.see('up', 'out', xferRdy(1, 1024, 512));
    expect(seer.find()!.granted).toEqual({ from: 512, to: 1536 });
    seer.see('up', 'in', dataOut(1, 256, { parameter: 512 }));
    expect(seer.find()).toMatchObject({ gap: true, dataOut: 768 });
  });

  it('is aborted when its ABTS is accepted', () => {
    const seer = new Seer();
    seer.see('up', 'in', command(1), abts(1));
    expect(seer.find()!.state).toBe('aborting');
    seer.see('up', 'out', baAcc(1));
    expect(seer.find()!.state).toBe('aborted');
  });

  it('is one for each link: a late frame belongs to the one that its own tap saw', () => {
    const seer = new Seer();
    seer.see('up', 'in', command(1));
    seer.see('down', 'out', command(1));
    const first = seer.find('down');
    seer.see('up', 'in', command(1));
    expect(seer.see('down', 'out', dataOut(1, 8)).exchange).toBe(first);
    expect(seer.find('up')).not.toBe(first);
  });

  it('has the numbers of its frames at all taps, since its OX_ID was last chosen', () => {
    const seer = new Seer();
    seer.see('up', 'in', command(1));
    seer.see('down', 'out', command(1));
    expect(seer.exchanges.framesOf('A', ADDRESS, 1)).toEqual([1, 2]);
    seer.see('up', 'in', command(1));
    expect(seer.exchanges.framesOf('A', ADDRESS, 1)).toEqual([3]);
    expect(seer.exchanges.framesOf('B', ADDRESS, 1)).toEqual([]);
  });
});

describe('what a fault hit', () => {
  it('is marked, frame and exchange', () => {
    const seer = new Seer();
    seer.see('up', 'in', command(1));
    seer.exchanges.disturb({ type: 'frame-hit', link: 'up', fault: 'delay', bytes: dataOut(1, 8) });
    expect(seer.find()!.disturbed).toBe(true);
    expect(seer.see('up', 'in', dataOut(1, 8)).disturbed).toBe('delay');
    expect(seer.see('up', 'in', dataOut(1, 16)).disturbed).toBeUndefined();
  });

  it('and came twice is the same command', () => {
    const seer = new Seer();
    seer.see('up', 'in', command(1));
    const first = seer.find();
    seer.exchanges.disturb({
      type: 'frame-hit',
      link: 'up',
      fault: 'duplicate',
      bytes: command(1),
    });
    expect(seer.see('up', 'in', command(1)).exchange).toBe(first);
  });

  it('are all exchanges of a world in which a machine lost its memory', () => {
    const seer = new Seer();
    seer.see('up', 'in', command(1));
    seer.exchanges.disturb({ type: 'node-paused' });
    expect(seer.find()!.disturbed).toBe(false);
    seer.exchanges.disturb({ type: 'node-started' });
    expect(seer.find()!.disturbed).toBe(true);
  });
});
