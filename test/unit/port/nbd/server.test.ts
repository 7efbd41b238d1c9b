/** The NBD server as a machine: its contract, forged lengths, and what it tells. */
import { describe, expect, it } from 'vitest';
import { parseHex } from '../../../../src/codecs/layout/index.ts';
import { NbdCommandFlags, NbdError } from '../../../../src/codecs/nbd/index.ts';
import { MILLISECOND } from '../../../../src/machine/machine.ts';
import { VolatileCache } from '../../../../src/scsi/medium/cache.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { SnapshotMedium } from '../../../../src/scsi/medium/snapshot.ts';
import { describeStreamMachine } from '../../../../src/testing/index.ts';
import { concat } from '../../../helpers/capture.ts';
import {
  choose,
  go,
  hello,
  NbdRig,
  nbdServerOf,
  option,
  request,
  structured,
} from '../../../helpers/nbd.ts';

const BLOCKS = 16;
const small = (): SnapshotMedium => {
  const medium = new SnapshotMedium(new MemoryMedium(BLOCKS), {});
  medium.write(1, new Uint8Array(512).fill(1));
  medium.cut('s1');
  medium.changed!.begin('s1');
  return medium;
};
const data = new Uint8Array(512).fill(9);
const write = request('WRITE', { offset: 512n, data });
const read = request('READ', { offset: 0n, lengthBytes: 1024 });
const list = option({ kind: 'LIST', data: new Uint8Array(0) });
const all = { offset: 0n, lengthBytes: BLOCKS * 512 };

describeStreamMachine(
  { describe, it },
  'an NBD server',
  () => nbdServerOf([small(), small()], { transferBytesMax: 4096 }),
  {
    conversations: [
      concat([hello(), list, structured(), choose(['base:allocation', 'qemu:dirty-bitmap:s1'])]),
      concat([
        hello(),
        structured(),
        choose(['base:allocation', 'qemu:dirty-bitmap:s1']),
        go('lun0', [0, 1, 2, 3]),
        write,
        read,
        request('BLOCK_STATUS', all),
        request('FLUSH'),
        request('DISC'),
      ]),
      concat([hello(0), option({ kind: 'EXPORT_NAME', data: 'lun1' }), write, read]),
      concat([
        hello(1),
        go('nothing'),
        go('lun1'),
        request('TRIM', { ...all, flags: NbdCommandFlags.FUA }),
        request('WRITE_ZEROES', all),
        read,
      ]),
    ],
    bytesOutPerByte: 160,
    bytesOutFree: 4096,
  },
);

describe('what is forged', () => {
  const reset = (...bytes: Uint8Array[]): string => {
    const rig = new NbdRig(nbdServerOf([small()]));
    const conn = rig.open(...bytes);
    expect(rig.closed.get(conn)).toBe('reset');
    expect(rig.server.kept().connections).toBe(0);
    return rig.happened('refused').at(-1)!.what;
  };

  it.each([
    ['an option of 4 GiB', parseHex('49484156454f505400000007ffffffff'), 'option of 4294967295'],
    ['another magic number', parseHex('49484156454f5055 00000003 00000000'), 'no option'],
  ])('%s ends the connection', (_, bytes, why) => {
    expect(reset(hello(), bytes)).toContain(why);
  });

  it('so do client flags that are not known, a write of too much, and what is no request', () => {
    expect(reset(hello(7))).toContain('client flags 7');
    const huge = parseHex('25609513 0000 0001 0000000000000007 0000000000000000 ffffffff');
    expect(reset(hello(), go(), huge)).toContain('a write of 4294967295 bytes');
    expect(reset(hello(), go(), new Uint8Array(28))).toContain('no request');
  });

  it('no more connections than may be', () => {
    const rig = new NbdRig(nbdServerOf([small()], { connectionsMax: 1 }));
    rig.open();
    expect(rig.closed.get(rig.open())).toBe('reset');
  });
});

describe('what is told', () => {
  it('a client with its export, a write with its blocks, how requests ended', () => {
    const rig = new NbdRig(nbdServerOf([small()]));
    const conn = rig.open(
      hello(),
      go(),
      request('WRITE', { offset: 510n, data: data.slice(0, 4) }),
    );
    const nexus = { initiator: '10.0.0.1', target: 'nbd:array', epoch: 1, address: 40_001 };
    expect(rig.happened('apply')).toMatchObject([
      { change: 'write', luName: 'lu0', lba: 0, blocks: 2, durable: true, tag: 1, nexus },
    ]);
    expect([...rig.happened('apply')[0]!.data.subarray(508, 516)]).toEqual([
      0, 0, 9, 9, 9, 9, 1, 1,
    ]);
    rig.send(conn, request('READ', { offset: 1n << 40n, lengthBytes: 1 }), request('DISC'));
    expect(rig.happened('command-done')).toMatchObject([
      { command: 'WRITE', status: 0, nbdError: 0 },
      { command: 'READ', status: 2, nbdError: NbdError.EINVAL },
    ]);
    expect(rig.happened('nexus').map(({ state }) => state)).toEqual(['began', 'ended']);
    expect(rig.closed.get(conn)).toBe('end');
  });

  it('what survives: a write on a volatile medium with FUA, or behind a flush', () => {
    const medium = new VolatileCache(new MemoryMedium(BLOCKS));
    const rig = new NbdRig(nbdServerOf([medium]));
    const fua = request('WRITE', { offset: 0n, data, flags: NbdCommandFlags.FUA });
    const conn = rig.open(hello(), go(), write);
    expect(rig.happened('apply').at(-1)!.durable).toBe(false);
    rig.send(conn, fua);
    expect(rig.happened('apply').at(-1)!.durable).toBe(true);
    expect(rig.happened('flushed')).toHaveLength(1);
    rig.send(conn, request('WRITE', { offset: 1024n, data }), request('FLUSH'));
    medium.powerLost();
    expect([0, 1, 2].map((lba) => medium.read(lba, 1)[0])).toEqual([9, 9, 9]);
  });
});

describe('an array that stands still for a cut', () => {
  it('carries nothing out before it goes on, and then everything in order', () => {
    let until = 0;
    const medium = small();
    const rig = new NbdRig(nbdServerOf([medium], { standsUntil: () => until }));
    const conn = rig.open(hello(), go());
    until = rig.now + MILLISECOND;
    rig.send(conn, write, read);
    rig.server.handleClosed(conn, 'end', rig.now);
    expect(medium.read(1, 1)[0]).toBe(1);
    expect(rig.closed.size).toBe(0);
    rig.wait(MILLISECOND);
    expect(medium.read(1, 1)[0]).toBe(9);
    rig.drain();
    expect(rig.closed.get(conn)).toBe('end');
    expect(rig.happened('command-done').map(({ command }) => command)).toEqual(['WRITE', 'READ']);
  });
});
