/** Operations on layouts of blocks and of SCSI disks. Source: RFC 8881, 18.40 to 18.44; RFC 5663; RFC 8154. */
import { formatHex } from '../../codecs/layout/index.ts';
import {
  BlockExtentState4,
  type BlockVolume4Input,
  BlockVolumeType4,
  blockDeviceAddr4,
  blockLayout4,
  DEVICE_ID_BYTES,
  LayoutReturnType4,
  LayoutType4,
  NfsStat4,
} from '../../codecs/nfs4/index.ts';
import { CodeSet, DesignatorType } from '../../codecs/scsi/index.ts';
import type { InitiatorPort } from '../../history/port-name.ts';
import { checkWritable, type FileOperations, NfsFault } from '../nfs/file-operations.ts';
import type { NfsFileSystem, NfsNode } from '../nfs/file-system.ts';
import type { CompoundCall } from './compound-call.ts';
import { isOfLayout, type LayoutState, type Layouts4 } from './layouts.ts';
import type { Handlers4 } from './session-handlers.ts';

/** The disk behind a file, as clients that come to it by themselves know it. */
export interface BlockDevice4 {
  /** Bytes on the disk by which it is known; `offset` below 0 counts from its end. */
  readonly signature: readonly { readonly offset: bigint; readonly contents: Uint8Array }[];
  /** Where on the disk the file begins. Units: bytes. */
  readonly storageOffset: bigint;
}

/** A SCSI disk behind a file, as clients that come to it by themselves know it. */
export interface ScsiDevice4 {
  /** Its NAA identifier, of 8 or 16 bytes. */
  readonly naa: Uint8Array;
  /** Where on the disk the file begins. Units: bytes. */
  readonly storageOffset: bigint;
}

/** What layouts a server gives. */
export interface BlockLayoutOptions {
  /** SCSI disks are told by their identifiers, and clients register for them with a key; others by bytes on them (the default). */
  readonly kind?: 'block' | 'scsi';
  /** The disk of a file, of that kind; `undefined` for one that has none. */
  readonly deviceOf: (node: NfsNode) => BlockDevice4 | ScsiDevice4 | undefined;
  /**
   * A client has lost a layout: its way to the disk is to be closed, before anybody else has it. `owner` is its name, `key` the
   * reservation key that it was given for SCSI disks.
   */
  readonly fence: (node: NfsNode, owner: Uint8Array, key: bigint) => void;
  /** The initiator port under which a client comes to the disk; left out: nobody is told what becomes of layouts. */
  readonly initiatorOf?: (owner: Uint8Array, key: bigint) => InitiatorPort | undefined;
  /** Hears what becomes of layouts, behind `admit` and `fence`. */
  readonly told?: (node: NfsNode, owner: Uint8Array, state: LayoutState) => void;
  /** A client has a layout: the disk is open to it, also where it had been closed. */
  readonly admit?: (node: NfsNode, owner: Uint8Array) => void;
}

/** What carries out operations on layouts. */
export type LayoutHandlers = Handlers4<
  'GETDEVICEINFO' | 'GETDEVICELIST' | 'LAYOUTCOMMIT' | 'LAYOUTGET' | 'LAYOUTRETURN'
>;

const status = NfsStat4.NFS4_OK;
const ALL = 2n ** 64n - 1n;
/** What stands around a body. */
const AROUND_BYTES = 64;

/** `LayoutType4` of a server's layouts. */
export const layoutTypeOf = ({ kind }: Pick<BlockLayoutOptions, 'kind'>): number =>
  kind === 'scsi' ? LayoutType4.LAYOUT4_SCSI : LayoutType4.LAYOUT4_BLOCK_VOLUME;

/** The name of the device that a file is on. */
function deviceIdOf(node: NfsNode): Uint8Array {
  const id = new Uint8Array(DEVICE_ID_BYTES);
  new DataView(id.buffer).setBigUint64(8, node.fileid);
  return id;
}

/** A device as one disk, for a client that is known to it by a key. */
function volumeOf(device: BlockDevice4 | ScsiDevice4, reservationKey: bigint): BlockVolume4Input {
  if ('naa' in device) {
    const { naa: designator } = device;
    const { NAA: designatorType } = DesignatorType;
    const scsi = { codeSet: CodeSet.BINARY, designatorType, designator, reservationKey };
    return { type: BlockVolumeType4.PNFS_BLOCK_VOLUME_SCSI, scsi };
  }
  const signature = device.signature.map(({ contents, offset }) => ({
    offset: BigInt.asUintN(64, offset),
    contents,
  }));
  return { type: BlockVolumeType4.PNFS_BLOCK_VOLUME_SIMPLE, simple: { signature } };
}

/** Makes them. */
export function layoutHandlers(
  layouts: Layouts4,
  files: NfsFileSystem,
  operations: FileOperations,
  options: BlockLayoutOptions,
): LayoutHandlers {
  const { deviceOf } = options;
  const ours = layoutTypeOf(options);
  const checkType = (type: number): void => {
    if (type !== ours) throw new NfsFault(NfsStat4.NFS4ERR_UNKNOWN_LAYOUTTYPE);
  };
  const deviceOfFile = (node: NfsNode): BlockDevice4 | ScsiDevice4 => {
    const device = deviceOf(node);
    if (device === undefined) throw new NfsFault(NfsStat4.NFS4ERR_LAYOUTUNAVAILABLE);
    return device;
  };
  const current = (call: CompoundCall) => layouts.return.bind(layouts, call.client);

  return {
    GETDEVICELIST: ({ type }) => {
      checkType(type);
      const devices = files.files.filter((node) => deviceOf(node) !== undefined).map(deviceIdOf);
      return {
        kind: 'GETDEVICELIST',
        status,
        resok: { cookie: 0n, cookieVerifier: new Uint8Array(8), devices, eof: 1 },
      };
    },
    GETDEVICEINFO: ({ deviceId, maxCount, type }, { client }) => {
      checkType(type);
      const wanted = formatHex(deviceId);
      const node = files.files.find((one) => formatHex(deviceIdOf(one)) === wanted);
      const device = node === undefined ? undefined : deviceOf(node);
      if (device === undefined) throw new NfsFault(NfsStat4.NFS4ERR_NOENT);
      const body = blockDeviceAddr4.encode({ volumes: [volumeOf(device, client.id)] });
      const minCount = body.length + AROUND_BYTES;
      if (maxCount < minCount)
        return { kind: 'GETDEVICEINFO', status: NfsStat4.NFS4ERR_TOOSMALL, minCount };
      return { kind: 'GETDEVICEINFO', status, resok: { type, body, notification: [] } };
    },
    LAYOUTGET: ({ iomode, maxCount, offset, stateid: by, type }, call) => {
      checkType(type);
      const node = call.file;
      const { storageOffset } = deviceOfFile(node);
      if (iomode === 2) checkWritable(call.caller);
      // Behind the end of the disk there is none, however often a client asks: it has to hear so from the server.
      if (offset >= BigInt(node.size)) throw new NfsFault(NfsStat4.NFS4ERR_LAYOUTUNAVAILABLE);
      // Who has lost a layout is told so, and asks anew.
      if (isOfLayout(by)) layouts.of(call.client, node, by);
      const layout = layouts.get(call.client, node, iomode, call.caller.now, call.hasMovedOn());
      const { PNFS_BLOCK_READ_DATA, PNFS_BLOCK_READ_WRITE_DATA } = BlockExtentState4;
      const extent = {
        deviceId: deviceIdOf(node),
        fileOffset: 0n,
        lengthBytes: BigInt(node.size),
        storageOffset,
        state: iomode === 2 ? PNFS_BLOCK_READ_WRITE_DATA : PNFS_BLOCK_READ_DATA,
      };
      const body = blockLayout4.encode({ extents: [extent] });
      if (maxCount < body.length + AROUND_BYTES) throw new NfsFault(NfsStat4.NFS4ERR_TOOSMALL);
      const stateid = { seqid: layout.seqid, other: layout.other };
      call.stateid = stateid;
      const one = { offset: 0n, length: extent.lengthBytes, iomode, type, body };
      return { kind: 'LAYOUTGET', status, resok: { returnOnClose: 1, stateid, layouts: [one] } };
    },
    LAYOUTCOMMIT: ({ stateid, type }, call) => {
      checkType(type);
      // All of the disk holds data from the beginning: there is nothing to be noted but the time of the change. The client
      // takes what it wrote to the disk for safe now, and Linux does not ask the disk for that.
      layouts.of(call.client, call.file, call.stateidOf(stateid));
      operations.flush(call.file);
      files.touch(call.file, call.caller.now);
      return { kind: 'LAYOUTCOMMIT', status, resok: { hasNewSize: 0 } };
    },
    LAYOUTRETURN: ({ file, returnType, type }, call) => {
      checkType(type);
      const isFile = returnType === LayoutReturnType4.LAYOUTRETURN4_FILE;
      // A part that is returned is all of it: a client that still wants the rest asks again.
      if (isFile && file !== undefined && file.length === 0n && file.length !== ALL)
        throw new NfsFault(NfsStat4.NFS4ERR_INVAL);
      if (isFile) current(call)(call.file);
      else current(call)();
      return { kind: 'LAYOUTRETURN', status, resok: { hasStateid: 0 } };
    },
  };
}
