/** Opens and layouts of version 4.1, as calls and answers tell them. */
import { expect, test } from 'vitest';
import { blockLayout4 } from '../../../../../src/codecs/index.ts';
import { blocksOf, IscsiScript } from '../../../../helpers/iscsi-script.ts';
import { Nfs4Script, stateidOf } from '../../../../helpers/nfs4-script.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../../../helpers/session-tap.ts';

const DATA = blocksOf(8, 1);

function two(): { tap: SessionTap; first: Nfs4Script; second: Nfs4Script } {
  const tap = new SessionTap();
  const first = new Nfs4Script(tap).login();
  const options = { owner: 'other', clientId: 2n, session: 2, host: 3 };
  return { tap, first, second: new Nfs4Script(tap, options).login() };
}

test('a close that gives layouts back lets another have them', () => {
  const { tap, first, second } = two();
  first.open({ sequence: 1 }, 5);
  first.layoutGet({ sequence: 2 }, 1);
  tap.wait(50);
  first.close({ sequence: 3 }, 5);
  second.layoutGet({ sequence: 1 }, 2);
  expect(verdictOf(tap.judged(), 'I20').result).toBe('holds');
});

test('a stateid that is opened again is open', () => {
  const { tap, first } = two();
  first.open({ sequence: 1 }, 5);
  first.close({ sequence: 2 }, 5);
  first.open({ sequence: 3 }, 5);
  tap.wait(50);
  first.write({ sequence: 4 }, 0, DATA, stateidOf(5));
  expect(verdictOf(tap.judged(), 'I20').result).toBe('holds');
});

test('frames that are missing take with them what is known', () => {
  const { tap, first } = two();
  first.open({ sequence: 1 }, 5);
  first.close({ sequence: 2 }, 5);
  tap.wait(50);
  const lost = tap.frames.length;
  first.open({ sequence: 3 }, 5);
  tap.frames.splice(lost, 1);
  first.write({ sequence: 4 }, 0, DATA, stateidOf(5));
  expect(invariantsThat('violated', tap.judged())).toEqual([]);
});

test.each([
  ['who has it', false, 'holds'],
  ['who has returned it', true, 'violated'],
])('a write to the disk behind a layout, by %s', (_name, isReturned, result) => {
  const tap = new SessionTap();
  const naa = Uint8Array.of(0x60, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  const disk = new IscsiScript(tap).login();
  const tag = disk.command([0x12, 1, 0x83, 0, 24, 0], {
    read: 1,
    expectedDataTransferLengthBytes: 24,
  });
  const data = Uint8Array.of(0, 0x83, 0, 20, 1, 3, 0, 16, ...naa);
  disk.says({ kind: 'SCSI Data-In', initiatorTaskTag: tag, final: 1, hasStatus: 1, data });
  const owner = 'iqn.2026-01.com.example:guest,i,0x800000000001';
  const client = new Nfs4Script(tap, { owner }).login();
  const deviceId = new Uint8Array(16).fill(3);
  client.deviceInfo({ sequence: 1 }, deviceId, naa);
  const place = { fileOffset: 0n, lengthBytes: 4096n, storageOffset: 0n, state: 0 };
  const body = blockLayout4.encode({ extents: [{ deviceId, ...place }] });
  client.layoutGet({ sequence: 2 }, 1, body);
  if (isReturned) client.layoutReturn({ sequence: 3 }, 1);
  tap.wait(50);
  disk.write(8, DATA);
  const report = tap.judged();
  expect(verdictOf(report, 'I20').result).toBe(result);
  expect(invariantsThat('violated', report)).toEqual(isReturned ? ['I20'] : []);
});
