/** Clients and servers at work for the fuzz of streams: iSCSI, NFS version 3, NBD; they differ in what is agreed on. */
import { createHash } from 'node:crypto';
import { decodeIscsiPdu, decodeRpc, type Frame, spansOf } from '../../src/codecs/frame/index.ts';
import { NO_DIGESTS, pduBytesAt } from '../../src/codecs/iscsi/index.ts';
import { NBD_REQUEST_MAGIC } from '../../src/codecs/nbd/index.ts';
import { StableHow } from '../../src/codecs/nfs/index.ts';
import type { TargetPort } from '../../src/history/port-name.ts';
import { type Instant, SECOND } from '../../src/machine/machine.ts';
import { type RandomStream, streams } from '../../src/machine/random.ts';
import { StreamCore } from '../../src/machine/stream-core.ts';
import type { Conn, StreamMachine, StreamOutput } from '../../src/machine/stream-machine.ts';
import type { ChapAlgorithm } from '../../src/port/iscsi/chap.ts';
import { IscsiInitiator } from '../../src/port/iscsi/initiator.ts';
import { countedIsids } from '../../src/port/iscsi/isid.ts';
import { IscsiTargetPort } from '../../src/port/iscsi/target-port.ts';
import { NfsClient } from '../../src/port/nfs/client.ts';
import { MemoryMedium } from '../../src/scsi/medium/medium.ts';
import { ScsiTarget } from '../../src/scsi/target/scsi-target.ts';
import type { InitiatorNexus } from '../../src/scsi/transport.ts';
import type { Kept } from '../../src/testing/index.ts';
import { go, hello, nbdServerOf, request, structured } from '../../test/helpers/nbd.ts';
import { fileSystemOf, serverOf } from '../../test/helpers/nfs.ts';
import type { StreamsAtWork, StreamWorldKind } from './streams.ts';

const ADDRESS = '10.0.0.1';
const BLOCKS = 1024;
const BLOCKS_EACH_MAX = 16;
const OPEN_MAX = 3;
const TARGET = 'iqn.2026-01.com.example:fuzz';
const HASHES: Readonly<Record<ChapAlgorithm, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
};

/** The most that machines may keep of each kind. */
const KEPT_MOST: Readonly<Record<string, number>> = {
  connections: 2_000,
  'connections asked for': 100,
  sessions: 2_000,
  timers: 10_000,
  'bytes of write data': 64 << 20,
  'replies of calls': 5_000,
  'bytes of calls': 64 << 20,
  'bytes of requests': 64 << 20,
  'NFS clients': 5_000,
  'NFS sessions': 5_000,
  opens: 5_000,
};

type Keeper = { kept(): Readonly<Record<string, number>> };

function* keptBy(...keepers: readonly (readonly [string, Keeper])[]): Iterable<Kept> {
  for (const [node, keeper] of keepers)
    for (const [what, count] of Object.entries(keeper.kept()))
      yield { node, what, count, most: KEPT_MOST[what] ?? 0 };
}

const fieldsOf = (frame: Frame) => frame.layers.flatMap((layer) => spansOf(frame, layer));
const oneOf = <T>(random: RandomStream, all: readonly T[]): T => all[random.below(all.length)]!;
const noMend = (): void => {};

/** An initiator with a session to a portal: reads, writes, looks, and logs in again when the session is over. */
function iscsiWorld(making: number): StreamsAtWork {
  const random = streams(making).stream('iscsi');
  const name = `${TARGET},t,0x0001` as TargetPort;
  const device = new ScsiTarget({ name: 'array', ports: [{ name, relativeId: 1 }] });
  device.setDefaultMask([{ lun: 0, lu: device.addUnit({ medium: new MemoryMedium(BLOCKS) }) }]);
  const hash = (algorithm: ChapAlgorithm, bytes: Uint8Array): Uint8Array =>
    createHash(HASHES[algorithm]).update(bytes).digest();
  const challenge = (bytes: number): Uint8Array =>
    Uint8Array.from({ length: bytes }, () => random.below(256));
  const portal = new IscsiTargetPort({
    name: TARGET,
    groupTag: 1,
    portIndex: 0,
    addresses: () => [`${ADDRESS}:3260,1`],
    hash,
    challenge,
    device,
  });
  const offers = [
    {},
    { ImmediateData: 'No', MaxBurstLength: '8192', FirstBurstLength: '4096' },
    { InitialR2T: 'Yes', MaxBurstLength: '1024', FirstBurstLength: '512' },
  ][making % 3]!;
  const initiator = new IscsiInitiator({
    name: 'iqn.2026-01.com.example:host',
    isids: countedIsids,
    hash,
    challenge,
    stage: making % 2 === 0 ? 'operational' : 'security',
    resends: making % 5 === 4,
    offers,
  });
  let [nexus, isOpen, open, done] = [undefined as InitiatorNexus | undefined, false, 0, 0];
  const login = (now: Instant): void => {
    isOpen = true;
    initiator.login(
      { name: TARGET, address: ADDRESS, port: 3260 },
      {
        sessionBegan: (_, began) => {
          nexus = began;
        },
        sessionLost: () => {
          nexus = undefined;
        },
        sessionEnded: () => {
          nexus = undefined;
          isOpen = false;
        },
      },
      now,
    );
  };
  const execute = (at: InitiatorNexus): void => {
    const blocks = 1 + random.below(BLOCKS_EACH_MAX);
    const lba = random.below(BLOCKS);
    const place = [0, 0, 0, lba >> 8, lba & 0xff, 0, 0, blocks, 0] as const;
    const [cdb, dataOut, dataInBytes] = (
      [
        [Uint8Array.of(0x2a, ...place), new Uint8Array(512 * blocks).fill(blocks), 0],
        [Uint8Array.of(0x28, ...place), undefined, 512 * blocks],
        [Uint8Array.of(0x12, 1, 0x83, 0, 255, 0), undefined, 255],
        [Uint8Array.of(0xa0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 0, 0), undefined, 255],
        [Uint8Array.of(0x35, ...place), undefined, 0],
      ] as const
    )[random.below(5)]!;
    open++;
    const onDone = (): void => {
      open--;
      done++;
    };
    if (at.execute({ lun: 0n, cdb, dataOut, dataInBytes, timeoutNs: 2 * SECOND, onDone })) return;
    open = Math.max(0, open - 1);
  };
  return {
    client: initiator,
    servers: new Map([[`${ADDRESS}:3260`, portal]]),
    units: {
      kindOf: (pdu) => `${pdu[0]! & 0x3f} ${pdu[1]! >> 7} ${pdu.length > 48 ? 'data' : ''}`,
      fieldsOf: (pdu) => fieldsOf(decodeIscsiPdu(pdu)),
      mend: noMend,
    },
    unitEnd: (bytes, at) => at + (pduBytesAt(bytes, at, NO_DIGESTS) ?? bytes.length),
    work(now) {
      initiator.setTime(now);
      if (!isOpen) login(now);
      if (nexus?.ready !== true || open >= OPEN_MAX) return;
      if (random.chance(0.02))
        nexus.manage({ function: 'logical-unit-reset', lun: 0n, timeoutNs: SECOND }, () => done++);
      else execute(nexus);
    },
    done: () => done,
    kept: () => keptBy(['initiator', initiator], ['target', portal]),
  };
}

/** A client that has a file of a server mounted, reads and writes it. */
function nfsWorld(making: number): StreamsAtWork {
  const random = streams(making).stream('nfs');
  const server = serverOf({ fileSystem: fileSystemOf() });
  const client = new NfsClient({
    server: { address: ADDRESS, port: 2049 },
    caller: { machineName: 'host', uid: 0, gid: 0, gids: [] },
    xid: 1000 + making,
  });
  let [root, file] = [undefined as Uint8Array | undefined, undefined as Uint8Array | undefined];
  let [open, done] = [0, 0];
  const ended = (): void => {
    open--;
    done++;
  };
  const use = (handle: Uint8Array, now: Instant): void => {
    const offset = BigInt(512 * random.below(2000));
    const bytes = 512 * (1 + random.below(16));
    const stable = oneOf(random, [StableHow.UNSTABLE, StableHow.FILE_SYNC]);
    const what = random.below(8);
    if (what < 3) client.read(handle, offset, bytes, now, ended);
    else if (what < 6) client.write(handle, offset, new Uint8Array(bytes), stable, now, ended);
    else if (what === 6) client.commit(handle, now, ended);
    else client.call('GETATTR', { object: handle }, now, ended);
  };
  return {
    client,
    servers: new Map([[`${ADDRESS}:2049`, server]]),
    units: {
      // Of calls what they ask for; of replies how they end.
      kindOf: (record) => `${record[11]} ${record[19]} ${record[27]} ${record.length >> 9}`,
      fieldsOf: (record) => fieldsOf(decodeRpc(record)),
      mend(record) {
        if (record.length < 4) return;
        new DataView(record.buffer, record.byteOffset).setUint32(
          0,
          ((record.length - 4) | 0x8000_0000) >>> 0,
        );
      },
    },
    unitEnd: (bytes, at) =>
      bytes.length - at < 4
        ? bytes.length
        : at + 4 + (new DataView(bytes.buffer, bytes.byteOffset + at).getUint32(0) & 0x7fff_ffff),
    work(now) {
      if (open >= OPEN_MAX) return;
      open++;
      if (root === undefined)
        client.mount('/', now, (result) => {
          ended();
          if (result.state === 'done') root = result.value;
        });
      else if (file === undefined)
        client.lookup(root, 'lun0.img', now, (result) => {
          ended();
          if (result.state === 'done') file = result.value;
        });
      else use(file, now);
    },
    done: () => done,
    kept: () => keptBy(['server', server]),
  };
}

/** Says what an NBD client says, and listens to nothing but whether it is still connected. */
class NbdTalker implements StreamMachine<never> {
  readonly #core = new StreamCore<never>();
  readonly #random: RandomStream;
  readonly #structured: boolean;
  #asked = 0;
  #conn: Conn | undefined;
  #isAsking = false;
  heard = 0;

  constructor(random: RandomStream, isStructured: boolean) {
    this.#random = random;
    this.#structured = isStructured;
  }

  work(now: Instant): void {
    this.#core.now = now;
    if (this.#conn === undefined) {
      if (!this.#isAsking)
        this.#core.connect({ id: ++this.#asked, address: ADDRESS, port: 10_809 });
      this.#isAsking = true;
      return;
    }
    const offset = BigInt(512 * this.#random.below(BLOCKS));
    const lengthBytes = 512 * (1 + this.#random.below(BLOCKS_EACH_MAX));
    const [command, data] = oneOf(this.#random, [
      ['READ', undefined],
      ['WRITE', new Uint8Array(lengthBytes)],
      ['FLUSH', undefined],
      ['TRIM', undefined],
      ['WRITE_ZEROES', undefined],
      ['BLOCK_STATUS', undefined],
    ] as const);
    const cookie = BigInt(this.#random.below(2 ** 31));
    const head = request(command, { cookie, offset, lengthBytes });
    const message = new Uint8Array(head.length + (data?.length ?? 0));
    message.set(head);
    this.#core.send(this.#conn, message);
  }

  handleOpened(conn: Conn): void {
    this.#isAsking = false;
    this.#conn = conn;
    for (const one of [hello(), ...(this.#structured ? [structured()] : []), go()])
      this.#core.send(conn, one);
  }

  handleUnreachable(): void {
    this.#isAsking = false;
  }

  handleBytes(conn: Conn): void {
    if (conn === this.#conn) this.heard++;
  }

  handleClosed(conn: Conn): void {
    if (conn !== this.#conn) return;
    this.#conn = undefined;
    this.#core.close(conn, 'end');
  }

  handleTimeout(now: Instant): void {
    this.#core.handleTimeout(now);
  }

  poll(): StreamOutput<never> | undefined {
    return this.#core.poll();
  }

  get deadline(): Instant | undefined {
    return this.#core.deadline;
  }
}

const REQUEST_BYTES = 28;

/** An NBD server and who talks to it. */
function nbdWorld(making: number): StreamsAtWork {
  const server = nbdServerOf([new MemoryMedium(BLOCKS)]);
  const talker = new NbdTalker(streams(making).stream('nbd'), making % 2 === 0);
  const isRequest = (bytes: Uint8Array): boolean =>
    bytes.length >= 4 &&
    new DataView(bytes.buffer, bytes.byteOffset).getUint32(0) === NBD_REQUEST_MAGIC;
  return {
    client: talker,
    servers: new Map([[`${ADDRESS}:10809`, server]]),
    units: {
      kindOf: (bytes) => (isRequest(bytes) ? `request ${bytes[7]}` : `other ${bytes.length >> 4}`),
      // Magic, flags, command, cookie, offset, length of a request; an option has 8, 4 and 4 bytes.
      fieldsOf: (bytes) =>
        (isRequest(bytes)
          ? ([
              [0, 4],
              [4, 2],
              [6, 2],
              [8, 8],
              [16, 8],
              [24, 4],
            ] as const)
          : ([
              [0, 8],
              [8, 4],
              [12, 4],
            ] as const)
        ).map(([offset, length]) => ({ offset, length })),
      mend: noMend,
    },
    unitEnd: (bytes) => Math.max(bytes.length, isRequest(bytes) ? REQUEST_BYTES : 1),
    work: (now) => talker.work(now),
    done: () => talker.heard,
    kept: () => keptBy(['server', server]),
  };
}

/** Outputs for one unit: of a read so many Data-In PDUs as it has blocks, and what had waited for it. */
const OUTPUTS_MAX = 2_000;

/** The worlds whose streams are fuzzed. */
export const STREAM_WORLDS: readonly StreamWorldKind[] = [
  { name: 'iSCSI', make: iscsiWorld, outputsMax: OUTPUTS_MAX },
  { name: 'NFS', make: nfsWorld, outputsMax: OUTPUTS_MAX },
  { name: 'NBD', make: nbdWorld, outputsMax: OUTPUTS_MAX },
];
