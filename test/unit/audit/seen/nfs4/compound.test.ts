/** A COMPOUND in a record: its slot, its operations with their files, its number. */
import { expect, test } from 'vitest';
import {
  compoundIn,
  goodAt,
  resultsIn,
  statusAt,
} from '../../../../../src/audit/seen/nfs4/compound.ts';
import { decodeRpc, RpcConversation } from '../../../../../src/codecs/frame/index.ts';
import type { NfsArgOp4Input } from '../../../../../src/codecs/index.ts';
import { Nfs4Script } from '../../../../helpers/nfs4-script.ts';
import { SessionTap } from '../../../../helpers/session-tap.ts';

const client = new Nfs4Script(new SessionTap());
const recordOf = (sequence: number, operations: readonly NfsArgOp4Input[]): Uint8Array =>
  client.record(client.operations({ slot: 2, sequence }, operations));
const read = (record: Uint8Array, lengthBytes = record.length) =>
  compoundIn(decodeRpc(record, { lengthBytes }));

test('its slot, and the file of each operation as far as the call tells it', () => {
  const call = read(
    recordOf(4, [
      { kind: 'SAVEFH' },
      { kind: 'LOOKUP', name: 'x' },
      { kind: 'GETATTR', attributes: [] },
      { kind: 'RESTOREFH' },
      { kind: 'GETATTR', attributes: [] },
    ]),
  )!;
  expect(call).toMatchObject({ minorVersion: 1, sequence: { slotId: 2, sequenceId: 4 } });
  expect(call.operations.map(({ op, file }) => `${op.kind} ${file}`)).toEqual([
    'SEQUENCE ',
    'PUTFH 09090909',
    'SAVEFH 09090909',
    'LOOKUP ',
    'GETATTR ',
    'RESTOREFH 09090909',
    'GETATTR 09090909',
  ]);
});

test('its number is that of what is called, in whatever place', () => {
  const of = (sequence: number, name: string) =>
    read(recordOf(sequence, [{ kind: 'REMOVE', name }]))!.print;
  expect(of(1, 'a')).toBe(of(9, 'a'));
  expect(of(1, 'a')).not.toBe(of(1, 'b'));
  expect(read(client.record([{ kind: 'PUTROOTFH' }]))).toMatchObject({
    sequence: undefined,
    print: undefined,
  });
});

test('a record that is cut anywhere throws nothing, and has no number', () => {
  const record = recordOf(1, [client.writeOf(0, new Uint8Array(64).fill(7))]);
  for (let length = 0; length < record.length; length++)
    expect(read(record.subarray(0, length), record.length)?.print).toBeUndefined();
});

test('answers: how each operation ended, and a number without what SEQUENCE tells', () => {
  const tap = new SessionTap();
  const said: Uint8Array[] = [];
  const script = new Nfs4Script(tap);
  script.connection.bytes = (_, bytes) => said.push(bytes);
  const at = { sequence: 1 };
  const answer = (results: Parameters<Nfs4Script['answer']>[2]) => {
    said.length = 0;
    script.answer(script.ask(at, [{ kind: 'REMOVE', name: 'a' }]), at, results);
    const conversation = new RpcConversation();
    decodeRpc(said[0]!, { conversation, fromClient: true });
    return resultsIn(decodeRpc(said[1]!, { conversation, fromClient: false }))!;
  };
  const cinfo = { atomic: 1, before: 0n, after: 1n };
  const good = answer([{ kind: 'REMOVE', status: 0, resok: { cinfo } }]);
  expect(goodAt(good, 2, 'REMOVE')?.resok).toMatchObject({ cinfo });
  expect(goodAt(good, 1, 'REMOVE')).toBeUndefined();
  const bad = answer([{ kind: 'REMOVE', status: 2 }]);
  expect(goodAt(bad, 2, 'REMOVE')).toBeUndefined();
  expect([statusAt(bad, 0), statusAt(bad, 2), statusAt(bad, 7)]).toEqual([0, 2, 2]);
  expect(good.print).not.toBe(bad.print);
  expect(good.print).toBe(answer([{ kind: 'REMOVE', status: 0, resok: { cinfo } }]).print);
});
