/** Data of commands: how much in one PDU, in one burst, unasked, asked for. Source: RFC 7143, 11.3, 11.7, 11.8. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { IscsiPduInput } from '../../../../src/codecs/iscsi/index.ts';
import { attributeOf } from '../../../../src/port/iscsi/task.ts';
import { type Answer, type IscsiClient, IscsiRig } from '../../../helpers/iscsi-rig.ts';

let rig: IscsiRig;
let client: IscsiClient;
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 7) & 0xff);
const out = (answer: Answer, offset: number, data: Uint8Array, more: object = {}): IscsiPduInput =>
  ({
    kind: 'SCSI Data-Out',
    initiatorTaskTag: answer.initiatorTaskTag,
    targetTransferTag: answer.targetTransferTag,
    bufferOffset: offset,
    final: 1,
    data,
    ...more,
  }) as IscsiPduInput;
const stored = (blocks: number): Uint8Array => rig.medium.read(0, blocks);
const senseOf = ({ data }: Answer): string => {
  const { senseData } = data as { senseData: Uint8Array };
  return `${senseData[2]! & 15}/${senseData[12]!.toString(16)}/${senseData[13]!.toString(16)}`;
};

describe('with small bursts', () => {
  beforeEach(() => {
    rig = new IscsiRig();
    client = rig.connect();
    client.login({
      keys: {
        MaxRecvDataSegmentLength: '1024',
        MaxBurstLength: '2048',
        FirstBurstLength: '1024',
        InitialR2T: 'No',
        ImmediateData: 'Yes',
      },
    });
  });

  test('a read comes in PDUs and bursts, the last with its status', () => {
    rig.medium.write(0, bytes(5120));
    const answers = client.read(0, 10);
    expect(answers.map(({ bufferOffset, final, dataSn }) => [bufferOffset, final, dataSn])).toEqual(
      [
        [0, 0, 0],
        [1024, 1, 1],
        [2048, 0, 2],
        [3072, 1, 3],
        [4096, 1, 4],
      ],
    );
    expect(answers.map(({ hasStatus }) => hasStatus)).toEqual([0, 0, 0, 0, 1]);
    const data = Buffer.concat(answers.map((one) => one.data as Uint8Array));
    expect(data.equals(bytes(5120))).toBe(true);
  });

  test('a write asks for what did not come by itself, a burst at a time', () => {
    const data = bytes(4096);
    const [first] = client.write(0, data, { data: data.subarray(0, 1024) });
    expect(first).toMatchObject({ kind: 'R2T', r2tSn: 0, bufferOffset: 1024 });
    expect(first!.desiredDataTransferLengthBytes).toBe(2048);
    client.send(out(first!, 1024, data.subarray(1024, 2048), { final: 0 }));
    expect(client.answers()).toEqual([]);
    const [second] = client.ask(out(first!, 2048, data.subarray(2048, 3072), { dataSn: 1 }));
    expect(second).toMatchObject({ kind: 'R2T', r2tSn: 1, bufferOffset: 3072 });
    const [answer] = client.ask(out(second!, 3072, data.subarray(3072)));
    expect(answer).toMatchObject({ kind: 'SCSI Response', status: 0, residualCount: 0 });
    expect(stored(8)).toEqual(data);
  });

  test('data unasked behind the command', () => {
    const data = bytes(1024);
    const command = client.command([0x2a, 0, 0, 0, 0, 0, 0, 0, 2, 0], {
      write: 1,
      final: 0,
      expectedDataTransferLengthBytes: 1024,
      data: data.subarray(0, 512),
    });
    expect(client.ask(command)).toEqual([]);
    const unasked = { targetTransferTag: 0xffff_ffff };
    const tag = { initiatorTaskTag: (command as { initiatorTaskTag: number }).initiatorTaskTag };
    const [answer] = client.ask(out(tag as never, 512, data.subarray(512), unasked));
    expect(answer).toMatchObject({ kind: 'SCSI Response', status: 0 });
    expect(stored(2)).toEqual(data);
  });

  test.each([
    ['more than the first burst', { data: bytes(1536) }],
    ['for a command that writes nothing', { write: 0, read: 1, data: bytes(512) }],
  ])('unasked data %s: nothing is written', (_what, more) => {
    const [answer] = client.write(0, bytes(2048), more);
    expect(senseOf(answer!)).toBe('11/c/c');
    expect(stored(4)).toEqual(new Uint8Array(2048));
  });

  test.each([
    ['a wrong DataSN', { dataSn: 5 }],
    ['a wrong place', { bufferOffset: 100 }],
  ])('data with %s: nothing is written, and the command is answered', (_what, more) => {
    const data = bytes(1024);
    const [ready] = client.write(0, data);
    const [answer] = client.ask(out(ready!, 0, data, more));
    expect(senseOf(answer!)).toBe('11/c/d');
    expect(stored(2)).toEqual(new Uint8Array(1024));
    expect(rig.port.kept()['bytes of write data']).toBe(0);
  });

  test('fewer data than were asked for, and said to be all', () => {
    const [ready] = client.write(0, bytes(1024));
    const [answer] = client.ask(out(ready!, 0, bytes(512)));
    expect(senseOf(answer!)).toBe('11/c/d');
  });

  test('data under another tag change nothing', () => {
    const [ready] = client.write(0, bytes(512));
    expect(client.ask(out(ready!, 0, bytes(512), { targetTransferTag: 99 }))).toEqual([]);
    expect(client.ask(out(ready!, 0, bytes(512)))).toMatchObject([{ status: 0 }]);
  });
});

describe('residuals', () => {
  beforeEach(() => {
    rig = new IscsiRig();
    client = rig.connect();
    client.login();
  });

  test('a read of less, and of more, than the CDB says', () => {
    const [short] = client.read(0, 1, { expectedDataTransferLengthBytes: 100 });
    expect(short).toMatchObject({ overflow: 1, underflow: 0, residualCount: 412 });
    expect((short!.data as Uint8Array).length).toBe(100);
    const [long] = client.read(0, 1, { expectedDataTransferLengthBytes: 1000 });
    expect(long).toMatchObject({ overflow: 0, underflow: 1, residualCount: 488 });
  });

  test('a write of fewer blocks than the CDB says writes those', () => {
    const [answer] = client.write(0, bytes(1024), {
      expectedDataTransferLengthBytes: 512,
      data: bytes(512),
    });
    expect(answer).toMatchObject({ status: 0, overflow: 1, residualCount: 512 });
    expect(stored(2)).toEqual(Uint8Array.from([...bytes(512), ...new Uint8Array(512)]));
  });

  test('a write of a part of a block writes nothing', () => {
    const [answer] = client.write(0, bytes(512), {
      expectedDataTransferLengthBytes: 200,
      data: bytes(200),
    });
    expect(answer).toMatchObject({ status: 2, overflow: 1, residualCount: 312 });
    expect(stored(1)).toEqual(new Uint8Array(512));
  });

  test('a write with more data than the CDB says leaves the rest', () => {
    const data = bytes(1024);
    const cdb = [0x2a, 0, 0, 0, 0, 0, 0, 0, 1, 0];
    const more = { write: 1, expectedDataTransferLengthBytes: 1024, data };
    const [answer] = client.ask(client.command(cdb, more));
    expect(answer).toMatchObject({ status: 0, underflow: 1, residualCount: 512 });
    expect(stored(2)).toEqual(Uint8Array.from([...data.subarray(0, 512), ...new Uint8Array(512)]));
  });
});

test('attributes, as SCSI numbers them', () => {
  expect([0, 1, 2, 3, 4].map(attributeOf)).toEqual([0, 0, 2, 1, 4]);
  expect(attributeOf(6)).toBe(7);
});
