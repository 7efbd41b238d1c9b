/** Logical units as files over NFS on a socket, and their server's loss of power. */
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { mount3, nfs3, StableHow } from '../../../src/codecs/nfs/index.ts';
import { RecordReader, rpcReply } from '../../../src/codecs/rpc/index.ts';
import type { StorageEvent } from '../../../src/history/storage.ts';
import { FileService } from '../../../src/live/file-service.ts';
import { streams } from '../../../src/machine/random.ts';
import { VolatileCache } from '../../../src/scsi/medium/cache.ts';
import { type Medium, MemoryMedium } from '../../../src/scsi/medium/medium.ts';
import { LogicalUnit } from '../../../src/scsi/target/logical-unit.ts';
import { mountCall, nfsCall } from '../../helpers/nfs.ts';

const cleaners: (() => unknown)[] = [];
afterEach(async () => {
  for (const clean of cleaners.splice(0).reverse()) await clean();
});

async function served(medium: Medium, events: StorageEvent[] = []): Promise<FileService> {
  const service = await FileService.open({
    address: { protocol: 'nfs', host: '127.0.0.1', port: 0 },
    name: 'array',
    units: [new LogicalUnit('array', 0, [], { medium })],
    names: ['lun0'],
    rules: [],
    random: streams(1).stream('nfs'),
    clock: () => Math.round(performance.now() * 1e6),
    onEvent: (event) => events.push(event),
    onDefect: (error) => {
      throw error;
    },
  });
  cleaners.push(() => service.close());
  return service;
}

/** The results of a call on a connection of its own. */
function ask(service: FileService, record: Uint8Array): Promise<Uint8Array> {
  const port = Number(service.address.split(':').at(-1));
  const socket = connect(port, '127.0.0.1');
  cleaners.push(() => socket.destroy());
  const reader = new RecordReader({ recordBytesMax: 1 << 20, fragmentsMax: 1 });
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('data', (bytes) =>
      reader.take(bytes, (message) => resolve(rpcReply.decode(message).results)),
    );
    socket.write(record);
  });
}

/** The handle of the one unit's file. */
async function handleOf(service: FileService): Promise<Uint8Array> {
  const mnt = await ask(service, mountCall('MNT', { path: '/' }, 1));
  const dir = mount3.MNT.res.decode(mnt).resok!.fileHandle;
  const found = await ask(service, nfsCall('LOOKUP', { what: { dir, name: 'lun0.img' } }, 2));
  return nfs3.LOOKUP.res.decode(found).resok!.object;
}

async function write(service: FileService, file: Uint8Array, value: number) {
  const data = new Uint8Array(512).fill(value);
  const args = { file, offset: 0n, count: 512, stable: StableHow.UNSTABLE, data };
  const { resok } = nfs3.WRITE.res.decode(await ask(service, nfsCall('WRITE', args, 3)));
  return resok!;
}

describe('logical units as files', () => {
  it('what is written is on the unit, and told under its name', async () => {
    const medium = new MemoryMedium(8);
    const events: StorageEvent[] = [];
    const service = await served(medium, events);
    expect(service.fileNames).toEqual(['lun0.img']);
    const reply = await write(service, await handleOf(service), 7);
    expect(reply.committed).toBe(StableHow.FILE_SYNC);
    expect(medium.read(0, 1)[511]).toBe(7);
    const applied = events.find((one) => one.type === 'apply');
    expect(applied).toMatchObject({ nexus: { initiator: '127.0.0.1', target: 'nfs:array' } });
  });

  it('a loss of power that may lose data changes the write verifier; handles hold', async () => {
    const medium = new VolatileCache(new MemoryMedium(8));
    const service = await served(medium);
    const file = await handleOf(service);
    const before = await write(service, file, 7);
    expect(before.committed).toBe(StableHow.UNSTABLE);
    service.powerLost();
    medium.powerLost();
    service.powerOn();
    expect(medium.read(0, 1)[0]).toBe(0);
    const after = await write(service, file, 7);
    expect(after.verf).not.toEqual(before.verf);
  });

  it('one that loses nothing does not', async () => {
    const service = await served(new MemoryMedium(8));
    const file = await handleOf(service);
    const before = await write(service, file, 7);
    service.powerLost();
    service.powerOn();
    expect((await write(service, file, 8)).verf).toEqual(before.verf);
  });
});
