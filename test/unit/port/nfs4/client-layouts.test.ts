/** Layouts as a client has them: extents, devices, and calls of the server that are none of its own. */
import { expect, test } from 'vitest';
import {
  type BlockDeviceAddr4,
  cbCompound4args,
  cbCompound4res,
  type NfsCbArgOp4Input,
  NfsStat4,
} from '../../../../src/codecs/nfs4/index.ts';
import { rpcCall, rpcMessage } from '../../../../src/codecs/rpc/index.ts';
import type { GrantedLayout } from '../../../../src/port/nfs4/client-layouts.ts';
import { LayoutHosts } from '../../../helpers/nfs4-hosts.ts';

test('the disk of a file is known by bytes on it, and where on it the file lies', () => {
  const hosts = new LayoutHosts();
  const { client, file } = hosts.host('h1');
  const { extents } = hosts.ask<GrantedLayout>((done) => client.layouts!.get(file, done));
  expect(client.layouts!.holds(file)).toBe(true);
  expect(extents).toMatchObject([
    { fileOffset: 0n, lengthBytes: 1_048_576n, storageOffset: 4096n, state: 0 },
  ]);
  const device = hosts.ask<BlockDeviceAddr4>((done) =>
    client.layouts!.device(extents[0]!.deviceId, done),
  );
  expect(device.volumes).toMatchObject([
    { simple: { signature: [{ offset: 2n ** 64n - 512n, contents: Uint8Array.of(1, 2, 3, 4) }] } },
  ]);
});

test('calls in no session, out of order, or for something else are refused', () => {
  const hosts = new LayoutHosts();
  const { client, file } = hosts.host('h1');
  hosts.ask<GrantedLayout>((done) => client.layouts!.get(file, done));
  const sessionId = client.sessionId;
  const answer = (...operations: NfsCbArgOp4Input[]) => {
    const parameters = cbCompound4args.encode({
      tag: '',
      minorVersion: 1,
      callbackIdent: 0,
      operations,
    });
    const head = { xid: 1, program: 0x4000_0000, version: 1, procedure: 1 };
    const call = rpcCall.decode(
      rpcCall.encode({ ...head, credential: {}, verifier: {}, parameters }),
    );
    const reply = rpcMessage.decode(client.layouts!.serve(call));
    return cbCompound4res.decode((reply as { results: Uint8Array }).results).status;
  };
  const sequence = (sequenceId: number, id = sessionId): NfsCbArgOp4Input => ({
    kind: 'CB_SEQUENCE',
    sessionId: id,
    sequenceId,
    slotId: 0,
    highestSlotId: 0,
    cacheThis: 0,
    referring: [],
  });
  const slots: NfsCbArgOp4Input = { kind: 'CB_RECALL_SLOT', targetHighestSlotId: 0 };
  expect(answer(slots)).toBe(NfsStat4.NFS4ERR_OP_NOT_IN_SESSION);
  expect(answer(sequence(1, new Uint8Array(16)))).toBe(NfsStat4.NFS4ERR_BADSESSION);
  expect(answer(sequence(2))).toBe(NfsStat4.NFS4ERR_SEQ_MISORDERED);
  expect(answer(sequence(1), slots)).toBe(NfsStat4.NFS4ERR_OP_ILLEGAL);
  // The same again is answered as before, and the next one is done.
  expect(answer(sequence(1), slots)).toBe(NfsStat4.NFS4ERR_OP_ILLEGAL);
  expect(answer(sequence(2))).toBe(NfsStat4.NFS4_OK);
});
