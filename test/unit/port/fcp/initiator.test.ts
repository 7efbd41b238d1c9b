/** The initiator's side of FCP: how commands end, by the frames that come or do not. */
import { describe, expect, it } from 'vitest';
import { FcpPair, SECOND } from '../../../helpers/fcp-pair.ts';
import { filled, hex, read10, TUR, write10 } from '../../../helpers/scsi-target.ts';

const GOOD = { end: 'answered', status: 0 };
const isName = (pair: FcpPair, name: string) => pair.log.at(-1)?.endsWith(name);

describe('a command', () => {
  it('without data is one frame there and one back', () => {
    const pair = new FcpPair();
    const { ends } = pair.send(hex(TUR));
    pair.clock.run(SECOND);
    expect(ends).toMatchObject([GOOD]);
    expect(pair.log).toEqual(['> CMND', '< RSP']);
  });

  it('that writes waits to be asked for each burst, and what it wrote is read back', () => {
    const pair = new FcpPair();
    const dataOut = filled(160, 7);
    const { ends } = pair.send(hex(write10(0, 160)), { dataOut });
    pair.clock.run(SECOND);
    expect(ends).toMatchObject([GOOD]);
    expect(pair.log.filter((one) => !one.includes('DATA'))).toEqual([
      '> CMND',
      '< XFER_RDY',
      '< XFER_RDY',
      '< RSP',
    ]);
    const read = pair.send(hex(read10(0, 160)), { dataInBytes: 160 * 512 });
    pair.clock.run(SECOND);
    expect(read.ends).toMatchObject([{ ...GOOD, residual: 0, data: dataOut }]);
  });

  it('that is refused brings its sense data, by its bytes', () => {
    const pair = new FcpPair();
    const { ends } = pair.send(hex(read10(5000, 1)), { dataInBytes: 512 });
    pair.clock.run(SECOND);
    const [end] = ends;
    expect(end).toMatchObject({ end: 'answered', status: 2, residual: 512 });
    if (end?.end === 'answered') expect([end.sense[2], end.sense[12]]).toEqual([0x05, 0x21]);
  });

  it('whose read data is lost ends as such, without a hole in its data', () => {
    const pair = new FcpPair();
    pair.passes = ({ header }) => !(header.rCtl === 0x01 && header.parameter === 2112);
    const { ends } = pair.send(hex(read10(0, 16)), { dataInBytes: 8192 });
    pair.clock.run(SECOND);
    expect(ends).toEqual([{ end: 'data-lost' }]);
  });

  it('is not sent without a login, nor once all OX_IDs are in use', () => {
    const pair = new FcpPair();
    pair.toTarget.state = 'adisc';
    expect(pair.send(hex(TUR)).ends).toEqual([{ end: 'not-sent' }]);
    expect(pair.log).toEqual([]);
  });

  it('asked for data that it has not is aborted, and the contradiction told', () => {
    const pair = new FcpPair();
    pair.passes = ({ header, payload }) => {
      if (header.rCtl === 0x05) payload.set([0, 0, 0x10, 0], 0);
      return true;
    };
    const { ends } = pair.send(hex(write10(0, 1)), { dataOut: filled(1, 1) });
    pair.clock.run(SECOND);
    expect(ends).toEqual([{ end: 'aborted' }]);
    expect(pair.initiatorPort.contradictions).toEqual(['XFER_RDY for bytes 4096 to 4608 of 512']);
  });

  it('whose response does not decode waits on, and is aborted in time', () => {
    const pair = new FcpPair();
    let cut = true;
    pair.passes = (frame) => {
      if (frame.header.rCtl !== 0x07 || !cut) return true;
      cut = false;
      pair.clock.after(1000, () => pair.deliver({ ...frame, payload: frame.payload.slice(0, 9) }));
      return false;
    };
    const { ends } = pair.send(hex(TUR), { timeoutNs: 5 * SECOND });
    pair.clock.run(4 * SECOND);
    expect([ends, pair.initiatorPort.contradictions.length]).toEqual([[], 1]);
    pair.clock.run(2 * SECOND);
    expect(ends).toEqual([{ end: 'aborted' }]);
  });
});

describe('an end without an answer', () => {
  const held = (agreed = {}) => {
    const pair = new FcpPair(agreed);
    pair.serviceTimeNs = 100 * SECOND;
    const sent = pair.send(hex(TUR), { timeoutNs: 5 * SECOND });
    pair.clock.run(1 * SECOND);
    return { pair, ...sent };
  };

  it('comes after the time-out by ABTS, which the target confirms', () => {
    const { pair, ends } = held();
    pair.clock.run(3.9 * SECOND);
    expect(ends).toEqual([]);
    pair.clock.run(0.2 * SECOND);
    expect(ends).toEqual([{ end: 'aborted' }]);
    expect(pair.log.slice(1)).toEqual(['> ABTS', '< BA_ACC']);
    expect(pair.cleared).toEqual(['1 abort-task']);
  });

  it('looks after commands with one timer, each at its own time', () => {
    const { pair, ends } = held();
    const later = pair.send(hex(TUR), { timeoutNs: 10 * SECOND });
    const sooner = pair.send(hex(TUR), { timeoutNs: 1 * SECOND });
    pair.clock.run(1.5 * SECOND);
    expect([ends, later.ends, sooner.ends]).toEqual([[], [], [{ end: 'aborted' }]]);
    pair.clock.run(10 * SECOND);
    expect([ends, later.ends]).toEqual([[{ end: 'aborted' }], [{ end: 'aborted' }]]);
  });

  it('is silent when it is forgotten: nothing is sent, and the answer finds nobody', () => {
    const { pair, open, ends } = held();
    open!.forget();
    open!.forget();
    expect(ends).toEqual([{ end: 'forgotten' }]);
    expect(pair.log).toEqual(['> CMND']);
    pair.clock.run(200 * SECOND);
    expect(ends).toHaveLength(1);
  });

  it('comes with the login, and says whether the target knows', () => {
    for (const cleared of [true, false]) {
      const { pair, ends } = held();
      pair.toTarget.enterGone('a test', cleared);
      expect(ends).toEqual([{ end: 'nexus-lost', confirmed: cleared }]);
    }
  });

  it('that nobody confirms waits for a new login', () => {
    const { pair, ends, open } = held();
    const recovered: ((cleared: boolean) => void)[] = [];
    pair.toTarget.enterRecovery = (done) => {
      recovered.push(done);
    };
    pair.passes = ({ header }) => header.rCtl !== 0x81;
    open!.abort();
    open!.abort();
    pair.clock.run(21 * SECOND);
    expect([ends, recovered.length]).toEqual([[], 1]);
    recovered[0]!(true);
    expect(ends).toEqual([{ end: 'nexus-lost', confirmed: true }]);
  });

  it('of a command that is answered while it is aborted comes once', () => {
    const { pair, ends, open } = held();
    open!.abort();
    pair.toTarget.enterGone('a test', true);
    expect(ends).toEqual([{ end: 'nexus-lost', confirmed: true }]);
    pair.clock.run(SECOND);
    expect(ends).toHaveLength(1);
    expect(isName(pair, 'ABTS') || isName(pair, 'BA_ACC')).toBe(true);
  });
});

describe('task management', () => {
  it('ends the exchanges of the tasks that it ended: those of its unit, or of all', () => {
    for (const [name, left] of [
      ['logical-unit-reset', 1],
      ['target-reset', 0],
    ] as const) {
      const pair = new FcpPair();
      pair.serviceTimeNs = 100 * SECOND;
      const here = pair.send(hex(TUR));
      const there = pair.send(hex(TUR), { lun: 1n << 48n });
      pair.clock.run(SECOND);
      const said: string[] = [];
      const request = { function: name, lun: 0n, timeoutNs: SECOND };
      pair.nexus.manage(request, (response) => said.push(response));
      pair.clock.run(SECOND);
      expect(said).toEqual(['complete']);
      expect(here.ends).toEqual([{ end: 'aborted' }]);
      expect(there.ends).toHaveLength(1 - left);
    }
  });
});
