/** Write data at a target port: bursts, gaps, repeats, and data that never comes. Source: FCP-4, clauses 9 and 12. */
import { describe, expect, it } from 'vitest';
import { FcpPair, type PairFrame, SECOND } from '../../../helpers/fcp-pair.ts';
import { filled, hex, read10, write10 } from '../../../helpers/scsi-target.ts';

const DATA_PHASE_ERROR = [0x0b, 0x4b];
const isData = ({ header }: PairFrame): boolean => header.rCtl === 0x01;

/** A write of 8 blocks whose data frames lie before the test: it delivers them. */
function writing(agreed = {}) {
  const pair = new FcpPair(agreed);
  pair.passes = (frame) => !isData(frame);
  const dataOut = Uint8Array.from({ length: 4096 }, (_, i) => i >> 4);
  const { ends } = pair.send(hex(write10(0, 8)), { dataOut });
  pair.clock.run(10_000);
  const data = pair.frames.filter(isData);
  const stored = () => {
    pair.passes = () => true;
    const read = pair.send(hex(read10(0, 8)), { dataInBytes: 4096 });
    pair.clock.run(SECOND);
    const [end] = read.ends;
    return end?.end === 'answered' ? end.data : undefined;
  };
  const senseOf = () => {
    const [end] = ends;
    return end?.end === 'answered' && end.status === 2 ? [end.sense[2], end.sense[12]] : undefined;
  };
  return { pair, data, ends, dataOut, stored, senseOf };
}

describe('write data', () => {
  it('in order is written once it is all there', () => {
    const { pair, data, ends, dataOut, stored } = writing();
    expect(data.map(({ header }) => header.parameter)).toEqual([0, 2048]);
    pair.deliver(data[0]!);
    pair.clock.run(SECOND);
    expect(ends).toEqual([]);
    pair.deliver(data[1]!);
    pair.clock.run(SECOND);
    expect(ends).toMatchObject([{ end: 'answered', status: 0 }]);
    expect(stored()).toEqual(dataOut);
  });

  it('that comes twice changes nothing', () => {
    const { pair, data, dataOut, stored } = writing();
    pair.deliver(data[0]!);
    pair.deliver({ ...data[0]!, payload: filled(4, 0xee) });
    pair.deliver(data[1]!);
    pair.clock.run(SECOND);
    expect(stored()).toEqual(dataOut);
    expect(pair.refused).toEqual([]);
  });

  it('with a gap ends the command, and nothing of it is written', () => {
    const { pair, data, stored, senseOf } = writing();
    pair.deliver(data[1]!);
    pair.clock.run(SECOND);
    expect(senseOf()).toEqual(DATA_PHASE_ERROR);
    expect(pair.refused).toEqual(['data at offset 2048, expected 0']);
    expect(stored()).toEqual(filled(8, 0));
    expect(pair.cleared).toEqual(['1 abort-task']);
  });

  it('with a gap is waited for where RETRY was agreed', () => {
    const { pair, data, ends } = writing({ retry: true });
    pair.deliver(data[1]!);
    pair.clock.run(SECOND);
    expect(ends).toEqual([]);
    pair.deliver(data[0]!);
    pair.deliver(data[1]!);
    pair.clock.run(SECOND);
    expect(ends).toMatchObject([{ status: 0 }]);
  });

  it('that ends before the burst does ends the command', () => {
    const { pair, data, senseOf } = writing();
    const { header } = data[0]!;
    pair.deliver({ ...data[0]!, header: { ...header, fCtl: header.fCtl | 0x08_0000 } });
    pair.clock.run(SECOND);
    expect(senseOf()).toEqual(DATA_PHASE_ERROR);
  });

  it.each([
    ['twice E_D_TOV', false, 4 * SECOND],
    ['R_A_TOV and REC_TOV with RETRY', true, 13 * SECOND],
  ])('that does not come ends the command after %s', (_words, retry, waitNs) => {
    const { pair, data, senseOf } = writing({ retry });
    pair.deliver(data[0]!);
    // The initiator's questions are lost too.
    pair.passes = ({ from }) => from === 'target';
    pair.clock.run(waitNs - 1);
    expect(senseOf()).toBeUndefined();
    pair.clock.run(10_000);
    expect(senseOf()).toEqual(DATA_PHASE_ERROR);
  });

  it('of an earlier exchange with the same OX_ID is told by its RX_ID', () => {
    const { pair, data, ends } = writing();
    const stale = { ...data[0]!, header: { ...data[0]!.header, rxId: 0x1234 } };
    pair.deliver(stale);
    expect(pair.refused).toEqual(['data for no open exchange, OX_ID 1h']);
    for (const frame of data) pair.deliver(frame);
    pair.clock.run(SECOND);
    expect(ends).toMatchObject([{ status: 0 }]);
  });
});
