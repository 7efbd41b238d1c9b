/** What of a target's frames counts. */
import { describe, expect, it } from 'vitest';
import type { FcHeader } from '../../../../src/codecs/fc/index.ts';
import { CodecError } from '../../../../src/codecs/layout/index.ts';
import { FcpCommand } from '../../../../src/port/fcp/fcp-command.ts';
import { dataOf, residualOf, rspOf, takeData } from '../../../../src/port/fcp/response.ts';
import { FcpPair } from '../../../helpers/fcp-pair.ts';
import { filled, hex } from '../../../helpers/scsi-target.ts';

const rsp = (text: string) => {
  const bytes = hex(text);
  return rspOf(bytes, 0, bytes.length);
};

describe('FCP_RSP', () => {
  it('says GOOD without being taken apart, wherever it lies in its frame', () => {
    const bytes = hex(`ffffff${'00'.repeat(24)}ff`);
    const [one, two] = [rspOf(bytes, 3, 27), rsp('00'.repeat(24))];
    expect(one).toMatchObject({ scsiStatus: 0, flags: 0, residualCount: 0 });
    expect(two).toBe(one);
  });

  it('says status, sense data and residual where there are any', () => {
    const one = rsp(`${'00'.repeat(8)} 0000 0a 02 00000200 00000003 00000000 700005`);
    expect(one).toMatchObject({ scsiStatus: 2, residualCount: 512, senseData: hex('700005') });
    expect(residualOf(one)).toBe(512);
  });

  it('counts a residual only as one that is under', () => {
    expect(residualOf(rsp(`${'00'.repeat(8)} 0000 04 00 00000200 ${'00'.repeat(8)}`))).toBe(0);
  });

  it('that is cut is an error', () => {
    expect(() => rsp('00'.repeat(23))).toThrow(CodecError);
  });
});

describe('read data', () => {
  function reading(dataInBytes: number) {
    const pair = new FcpPair();
    const request = { lun: 0n, cdb: hex('28'), dataInBytes, timeoutNs: 1, onDone: () => {} };
    const owner = pair.initiator;
    const command = new FcpCommand(owner, pair.toTarget, request, 0);
    const take = (at: number, value: number, blocks = 1): void =>
      takeData(command, { parameter: at } as FcHeader, filled(blocks, value));
    return { command, take };
  }

  it('is taken in order, a repeated frame once', () => {
    const { command, take } = reading(1536);
    take(0, 1);
    take(512, 2);
    take(512, 9);
    take(0, 9);
    expect(command.dataInReceived).toBe(1024);
    expect(dataOf(command)).toEqual(Uint8Array.from([...filled(1, 1), ...filled(1, 2)]));
  });

  it('behind a gap, or beyond what was asked for, is left out', () => {
    const { command, take } = reading(1024);
    take(512, 2);
    expect(dataOf(command)).toEqual(new Uint8Array(0));
    take(0, 1, 3);
    expect(command.dataInReceived).toBe(0);
    expect(command.dataIn).toBeUndefined();
  });
});
