/** Linux's own server of layouts: our client asks it for a file's, and finds the data where they say, on the server's disk. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parseHex } from '../../../src/codecs/layout/index.ts';
import type { BlockDeviceAddr4 } from '../../../src/codecs/nfs4/index.ts';
import { StreamHost } from '../../../src/live/stream-host.ts';
import { SECOND } from '../../../src/machine/machine.ts';
import type { NfsDone } from '../../../src/port/nfs/client-result.ts';
import type { RemoteFile } from '../../../src/port/nfs/remote-files.ts';
import { Nfs4Client } from '../../../src/port/nfs4/client.ts';
import type { GrantedLayout } from '../../../src/port/nfs4/client-layouts.ts';
import { freePort } from '../support/free-port.ts';
import { guestTest } from '../support/lab.ts';
import { delay } from '../support/wait.ts';

const UUID = '6b1f0a52-93c4-4b7e-a5d8-0c2e4f60718a';
/** What XFS can be made of, at least. */
const DISK_BYTES = 320 * 2 ** 20;
const FILE_BYTES = 1 << 20;
const LIMIT_NS = 60 * SECOND;
const TRIES_MAX = 40;
const PAUSE_MS = 1000;
/** Where the identifier of XFS lies on its disk (sb_uuid). Source: Linux 6.1, fs/xfs/libxfs/xfs_format.h, struct xfs_dsb. */
const UUID_AT = 32n;
/** Of an export: any port, no check of subtrees, the root of version 4, layouts. Source: Linux 6.1, include/uapi/linux/nfsd/export.h. */
const FLAGS = 0x2 | 0x400 | 0x2000 | 0x20_000;
const FOREVER = 2 ** 31 - 1;

/** What user space would tell the kernel: who may come, what is exported, what the root's handle leads to. */
const EXPORTS = [
  `echo 'nfsd 10.0.2.2 ${FOREVER} *' > /proc/net/rpc/auth.unix.ip/channel`,
  `echo '* /mnt ${FOREVER} ${FLAGS} 65534 65534 0' > /proc/net/rpc/nfsd.export/channel`,
  `echo '* 1 \\x00000000 ${FOREVER} /mnt' > /proc/net/rpc/nfsd.fh/channel`,
].join(' && ');

guestTest(
  'Linux as the server: where its layouts say that the data are, they are',
  240,
  async (lab) => {
    const port = await freePort();
    const disk = join(lab.dir, 'xfs.img');
    execFileSync('truncate', ['-s', String(DISK_BYTES), disk]);
    const recorded = join(lab.dir, 'knfsd.pcap');
    const guest = await lab.boot({
      name: 'server',
      cables: [{ netdev: `user,hostfwd=tcp:127.0.0.1:${port}-:2049` }],
      role: 'none',
      mtu: 1500,
      hasTools: true,
      qemu: [
        ...['-drive', `file=${disk},if=none,id=xfs,format=raw`],
        ...['-device', 'virtio-blk-pci,drive=xfs,serial=xfs'],
        ...['-object', `filter-dump,id=dump,netdev=n0,file=${recorded}`],
      ],
    });
    await guest.ok('tools && ip_up && ins nfsd');
    await guest.ok(
      `D=$(grep -lx xfs /sys/block/vd*/serial); D=\${D%/serial}; with mkfs.xfs -q -m uuid=${UUID} /dev/\${D##*/} && mount -t xfs /dev/\${D##*/} /mnt`,
      90_000,
    );
    await guest.ok(
      `dd if=/dev/urandom of=/mnt/data bs=64k count=${FILE_BYTES >> 16} conv=fsync && cp /mnt/data /tmp/data`,
    );
    await guest.ok(`mount -t nfsd nfsd /proc/fs/nfsd && ${EXPORTS}`);
    await guest.ok(
      'cd /proc/fs/nfsd && echo 10 > nfsv4gracetime; echo "-3 +4 +4.1" > versions; echo "tcp 2049" > portlist; echo 2 > threads',
      90_000,
    );
    const client = new Nfs4Client({
      server: { address: '127.0.0.1', port },
      caller: { machineName: 'h1', uid: 0, gid: 0, gids: [] },
      xid: 1,
      owner: 'h1',
      verifier: new Uint8Array(8).fill(1),
      layouts: { recalled: () => {} },
    });
    const clock = (): number => performance.now() * 1e6;
    const host = new StreamHost<unknown>({
      clock,
      onEvent: () => {},
      onDefect: console.error,
    });
    lab.atEnd(() => host.run(undefined));
    host.run(client);
    const ask = <T>(begin: (done: NfsDone<T>) => void): Promise<T> =>
      new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error('no answer')), LIMIT_NS / 1e6).unref();
        client.setTime(clock());
        begin((result) => {
          if (result.state === 'done') resolve(result.value);
          else reject(new Error(result.why));
        });
        host.drain();
      });
    // Behind its start it first waits for clients of before.
    const find = () => ask<readonly RemoteFile[]>((done) => client.find(['data'], clock(), done));
    let found = await find().catch(() => undefined);
    for (let tries = 0; found === undefined && tries < TRIES_MAX; tries++) {
      await delay(PAUSE_MS);
      found = await find().catch(() => undefined);
    }
    const file = found?.[0];
    const { extents } = await ask<GrantedLayout>((done) =>
      client.layouts!.get(file!, done, BigInt(FILE_BYTES)),
    );
    const device = await ask<BlockDeviceAddr4>((done) =>
      client.layouts!.device(extents[0]!.deviceId, done),
    );
    expect(device.volumes).toMatchObject([
      {
        type: 0,
        simple: {
          signature: [{ offset: UUID_AT, contents: parseHex(UUID.replaceAll('-', '')) }],
        },
      },
    ]);
    await ask<undefined>((done) => client.layouts!.return(file!, done));
    // The bytes of the file, as they lie on the disk.
    const hash = createHash('md5');
    const opened = openSync(disk, 'r');
    for (const { fileOffset, lengthBytes, storageOffset } of extents) {
      const bytes = Buffer.alloc(Math.min(Number(lengthBytes), FILE_BYTES - Number(fileOffset)));
      readSync(opened, bytes, 0, bytes.length, Number(storageOffset));
      hash.update(bytes);
    }
    closeSync(opened);
    expect(await guest.ok('md5sum < /tmp/data')).toContain(hash.digest('hex'));
  },
);
