/** Options and what is answered to them. */
import { describe, expect, it } from 'vitest';
import { NbdInfo, NbdOptionReply, NbdTransmissionFlags } from '../../../../src/codecs/nbd/index.ts';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { SnapshotMedium } from '../../../../src/scsi/medium/snapshot.ts';
import {
  choose,
  go,
  hello,
  NbdRig,
  nbdServerOf,
  option,
  structured,
} from '../../../helpers/nbd.ts';

function rigOf(): NbdRig {
  const medium = new SnapshotMedium(new MemoryMedium(16), {});
  medium.cut('s1');
  medium.changed!.begin('s1');
  return new NbdRig(nbdServerOf([medium, new MemoryMedium(32)]));
}
const EMPTY = new Uint8Array(0);

describe('a handshake', () => {
  it('lists units and their snapshots', () => {
    const rig = rigOf();
    const told = rig.told(rig.open(hello(), option({ kind: 'LIST', data: EMPTY })));
    expect(told.map(({ kind, data }) => (kind === 'SERVER' ? data.exportName : kind))).toEqual([
      'lun0',
      'lun0@s1',
      'lun1',
      'ACK',
    ]);
  });

  it('INFO tells what was asked for, and the handshake goes on', () => {
    const rig = rigOf();
    const info = option({
      kind: 'INFO',
      data: {
        exportName: 'lun0@s1',
        informations: [NbdInfo.NAME, NbdInfo.DESCRIPTION, NbdInfo.BLOCK_SIZE],
      },
    });
    const conn = rig.open(hello(), info, go(''));
    const told = rig.told(conn);
    expect(told.slice(0, 5)).toMatchObject([
      { data: { kind: 'EXPORT', sizeBytes: 8192n } },
      { data: { kind: 'NAME', name: 'lun0@s1' } },
      { data: { kind: 'DESCRIPTION', description: 'snapshot s1 of logical unit lu0' } },
      { data: { kind: 'BLOCK_SIZE', minimumBytes: 512, preferredBytes: 4096 } },
      { kind: 'ACK' },
    ]);
    expect(told[0].data.flags & NbdTransmissionFlags.READ_ONLY).not.toBe(0);
    expect(rig.happened('nexus')).toHaveLength(1);
  });

  it.each([
    ['STARTTLS', option({ kind: 'STARTTLS', data: EMPTY }), NbdOptionReply.ERR_POLICY],
    ['an export that is not there', go('lun7'), NbdOptionReply.ERR_UNKNOWN],
    ['a snapshot that is not there', go('lun0@s9'), NbdOptionReply.ERR_UNKNOWN],
    ['meta contexts without structured replies', choose([]), NbdOptionReply.ERR_INVALID],
    [
      'a list of something',
      option({ kind: 'LIST', data: Uint8Array.of(1) }),
      NbdOptionReply.ERR_INVALID,
    ],
    [
      'an option that is not known',
      Uint8Array.from([...Buffer.from('IHAVEOPT'), 0, 0, 0, 11, 0, 0, 0, 0]),
      NbdOptionReply.ERR_UNSUP,
    ],
    [
      'a name that is longer than its option',
      Uint8Array.from([...Buffer.from('IHAVEOPT'), 0, 0, 0, 7, 0, 0, 0, 6, 0, 0, 1, 0, 0, 0]),
      NbdOptionReply.ERR_INVALID,
    ],
  ])('refuses %s, and goes on', (_, bytes, reply) => {
    const rig = rigOf();
    const conn = rig.open(hello(), bytes);
    expect(rig.told(conn)).toMatchObject([{ kind: 'ERROR', reply }]);
    rig.send(conn, go());
    expect(rig.told(conn).at(-1)).toMatchObject({ kind: 'ACK' });
  });

  it('meta contexts: all, those of a beginning, those of a name; one that is not there is not given', () => {
    const rig = rigOf();
    const listed = (queries: readonly string[]) => {
      const data = { exportName: 'lun0', queries: queries.map((query) => ({ query })) };
      const conn = rig.open(hello(), structured(), option({ kind: 'LIST_META_CONTEXT', data }));
      return rig
        .told(conn)
        .flatMap(({ kind, data: one }) => (kind === 'META_CONTEXT' ? [one.context] : []));
    };
    expect(listed([])).toEqual(['base:allocation', 'qemu:dirty-bitmap:s1']);
    expect(listed(['qemu:'])).toEqual(['qemu:dirty-bitmap:s1']);
    expect(listed(['base:'])).toEqual(['base:allocation']);
    expect(listed(['qemu:dirty-bitmap:s2'])).toEqual([]);
    const conn = rig.open(hello(), structured(), choose(['qemu:dirty-bitmap:s2', 'qemu:']));
    expect(rig.told(conn).map(({ kind }) => kind)).toEqual(['ACK', 'ACK']);
  });

  it('clients that know no refusals name an export, and are sent away where there is none', () => {
    const rig = rigOf();
    const old = rig.open(hello(0), option({ kind: 'EXPORT_NAME', data: 'lun1' }));
    expect(rig.happened('nexus')).toHaveLength(1);
    expect(rig.closed.has(old)).toBe(false);
    expect(rig.closed.get(rig.open(hello(0), option({ kind: 'EXPORT_NAME', data: 'x' })))).toBe(
      'end',
    );
    expect(rig.closed.get(rig.open(hello(0), go()))).toBe('end');
  });

  it('ABORT ends it', () => {
    const rig = rigOf();
    expect(rig.closed.get(rig.open(hello(), option({ kind: 'ABORT', data: EMPTY })))).toBe('end');
  });
});
