/** The tasks of a COMPOUND. */
import { expect, test } from 'vitest';
import { compoundIn } from '../../../../../src/audit/seen/nfs4/compound.ts';
import type { SlotCall } from '../../../../../src/audit/seen/nfs4/slots.ts';
import { changes, tasksOf } from '../../../../../src/audit/seen/nfs4/tasks.ts';
import type { SeenSession } from '../../../../../src/audit/seen/session.ts';
import { decodeRpc } from '../../../../../src/codecs/frame/index.ts';
import type { NfsArgOp4Input } from '../../../../../src/codecs/index.ts';
import { blocksOf } from '../../../../helpers/iscsi-script.ts';
import { Nfs4Script } from '../../../../helpers/nfs4-script.ts';
import { SessionTap } from '../../../../helpers/session-tap.ts';

const client = new Nfs4Script(new SessionTap());
const session = { number: 3, server: '10.0.0.1:2049' } as SeenSession;
const slot = { slotId: 2, sequenceId: 4, isPartial: false } as SlotCall;

function tasks(...operations: readonly NfsArgOp4Input[]) {
  const record = client.record(client.operations({ slot: 2, sequence: 4 }, operations));
  const { operations: all } = compoundIn(decodeRpc(record))!;
  return tasksOf({ session, slot, xid: 7, operations: all }, { at: 1, frame: 5 }, 4);
}

test('are what reads and writes, with the blocks of the file', () => {
  const [one, two] = tasks(client.writeOf(1024, blocksOf(2, 1)), {
    kind: 'READ',
    stateid: { seqid: 0, other: new Uint8Array(12) },
    offset: 512n,
    count: 512,
  });
  expect(one).toMatchObject({
    place: 2,
    task: {
      command: 'NFS WRITE',
      kind: 'write',
      again: '3 2 4 2',
      unit: '10.0.0.1 09090909',
      frames: [4, 5],
      blocks: { first: 2, count: 2 },
    },
  });
  expect(one!.task.blocks!.digests.every((digest) => digest !== undefined)).toBe(true);
  expect(two!.task).toMatchObject({ command: 'NFS READ', kind: 'read', again: '3 2 4 3' });
});

test('or else what the call is about', () => {
  const commands = (...operations: readonly NfsArgOp4Input[]) =>
    tasks(...operations).map(({ task }) => task.command);
  expect(commands({ kind: 'REMOVE', name: 'a' }, { kind: 'GETATTR', attributes: [] })).toEqual([
    'NFS REMOVE',
  ]);
  expect(commands({ kind: 'GETATTR', attributes: [] })).toEqual(['NFS GETATTR']);
  expect(commands({ kind: 'COMMIT', offset: 0n, count: 0 })).toEqual(['NFS COMMIT']);
});

test('some change what they are about', () => {
  const [write] = tasks(client.writeOf(0, blocksOf(1, 1)));
  const [look] = tasks({ kind: 'GETATTR', attributes: [] });
  expect([changes(write!.op), changes(look!.op)]).toEqual([true, false]);
});
