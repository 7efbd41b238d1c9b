/** Operations on layouts: what is refused, and by which status. */
import { expect, test } from 'vitest';
import {
  BlockExtentState4,
  blockDeviceAddr4,
  LayoutIomode4,
  NfsStat4,
} from '../../../../src/codecs/nfs4/index.ts';
import { FileOperations } from '../../../../src/port/nfs/file-operations.ts';
import { CompoundCall } from '../../../../src/port/nfs4/compound-call.ts';
import { layoutHandlers } from '../../../../src/port/nfs4/layout-handlers.ts';
import { Layouts4 } from '../../../../src/port/nfs4/layouts.ts';
import { Sessions4 } from '../../../../src/port/nfs4/sessions.ts';
import { fileSystemOf } from '../../../helpers/nfs.ts';

const BOOT = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

function rig(hasDevice = true, kind: 'block' | 'scsi' = 'block') {
  const flushed: string[] = [];
  const files = fileSystemOf();
  const sessions = new Sessions4(BOOT, () => {});
  const layouts = new Layouts4(BOOT, () => {});
  const naa = new Uint8Array(16).fill(6);
  const signed = { signature: [{ offset: 0n, contents: BOOT }], storageOffset: 0n };
  const device = kind === 'scsi' ? { naa, storageOffset: 0n } : signed;
  const operations = new FileOperations({
    fileSystem: files,
    writeVerifier: BOOT,
    transferBytesMax: 65_536,
    observer: { changed: () => {}, flushed: () => flushed.push('flushed') },
  });
  const handlers = layoutHandlers(layouts, files, operations, {
    kind,
    deviceOf: () => (hasDevice ? device : undefined),
    fence: () => {},
  });
  const { id } = sessions.exchangeId(BOOT, BOOT, 0, 0);
  const session = sessions.createSession(id, 1, { slots: 1, cachedBytesMax: 0 }, 0);
  const call = new CompoundCall({ access: 'read-write', now: 0 });
  call.session = session;
  call.go(files.files[0]);
  const get = (change: object) => () =>
    handlers.LAYOUTGET(
      {
        kind: 'LAYOUTGET',
        op: 50,
        signalAvailable: 0,
        type: 3,
        iomode: LayoutIomode4.LAYOUTIOMODE4_RW,
        offset: 0n,
        length: 512n,
        minLength: 0n,
        stateid: { seqid: 0, other: new Uint8Array(12) },
        maxCount: 4096,
        ...change,
      } as never,
      call,
    );
  return { call, files, flushed, get, handlers, id, layouts };
}

test('LAYOUTGET', () => {
  const { get, layouts } = rig();
  const status = (one: () => unknown) => {
    try {
      one();
    } catch (error) {
      return (error as { status: number }).status;
    }
    return NfsStat4.NFS4_OK;
  };
  expect(status(get({ type: 1 }))).toBe(NfsStat4.NFS4ERR_UNKNOWN_LAYOUTTYPE);
  expect(status(get({ iomode: 3 }))).toBe(NfsStat4.NFS4ERR_BADIOMODE);
  expect(status(get({ maxCount: 40 }))).toBe(NfsStat4.NFS4ERR_TOOSMALL);
  expect(status(rig(false).get({}))).toBe(NfsStat4.NFS4ERR_LAYOUTUNAVAILABLE);
  expect(status(get({ offset: 2n ** 40n }))).toBe(NfsStat4.NFS4ERR_LAYOUTUNAVAILABLE);
  expect(status(get({}))).toBe(NfsStat4.NFS4_OK);
  expect(layouts.size).toBe(1);
  expect(BlockExtentState4.PNFS_BLOCK_READ_WRITE_DATA).toBe(0);
});

test('GETDEVICELIST names every disk, GETDEVICEINFO says how much room it needs', () => {
  const { call, handlers } = rig();
  const list = handlers.GETDEVICELIST({ type: 3 } as never, call) as unknown as {
    resok: { devices: Uint8Array[] };
  };
  const [deviceId] = list.resok.devices;
  const info = (maxCount: number) =>
    handlers.GETDEVICEINFO({ deviceId, maxCount, type: 3 } as never, call);
  const short = info(8) as { status: number; minCount: number };
  expect(short.status).toBe(NfsStat4.NFS4ERR_TOOSMALL);
  expect(info(short.minCount)).toMatchObject({ status: NfsStat4.NFS4_OK });
  expect(() =>
    handlers.GETDEVICEINFO({ deviceId: new Uint8Array(16), maxCount: 99, type: 3 } as never, call),
  ).toThrow();
});

test('a SCSI disk is told by its identifier, with a key for each client', () => {
  const { call, get, handlers, id } = rig(true, 'scsi');
  expect(get({ type: 3 })).toThrow();
  expect(get({ type: 5 })()).toMatchObject({ resok: { layouts: [{ type: 5 }] } });
  const list = handlers.GETDEVICELIST({ type: 5 } as never, call) as never as {
    resok: { devices: Uint8Array[] };
  };
  const asked = { deviceId: list.resok.devices[0], maxCount: 4096, type: 5 } as never;
  const { resok } = handlers.GETDEVICEINFO(asked, call) as never as { resok: { body: Uint8Array } };
  expect(blockDeviceAddr4.decode(resok.body).volumes).toMatchObject([
    { type: 4, scsi: { designator: new Uint8Array(16).fill(6), reservationKey: id } },
  ]);
});

test('a layout that was taken away is asked for by the open file again', () => {
  const { call, get, layouts } = rig();
  const { resok } = get({})() as never as { resok: { stateid: object } };
  expect(get(resok)()).toMatchObject({ status: NfsStat4.NFS4_OK });
  layouts.forget(call.client);
  expect(get(resok)).toThrow(expect.objectContaining({ status: NfsStat4.NFS4ERR_BAD_STATEID }));
  expect(get({})()).toMatchObject({ status: NfsStat4.NFS4_OK });
});

test('LAYOUTCOMMIT has what the disk keeps in its cache written out', () => {
  const { call, files, flushed, get, handlers } = rig();
  const { resok } = get({})() as never as { resok: { stateid: object } };
  Object.assign(files.files[0]!.file!.medium, { flush: () => {} });
  handlers.LAYOUTCOMMIT({ ...resok, type: 3 } as never, call);
  expect(flushed).toEqual(['flushed']);
});
