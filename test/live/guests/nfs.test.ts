/** Linux's own NFS client and libnfs against our server, through QEMU's own network. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Guest } from '../support/guest.ts';
import { guestTest, type Lab } from '../support/lab.ts';
import type { Serve } from '../support/serve.ts';
import { tshark } from '../support/tap.ts';
import { delay, until } from '../support/wait.ts';

/** The host, as a guest behind QEMU's own network reaches it. */
const HOST = '10.0.2.2';
const FILE_MIB = 32;
const DOWN_MS = 1000;
/** What a tap has when Linux is in the middle of its writing. */
const SOME_BYTES = 2 << 20;

/** A test with each version. */
function guestTests(what: string, run: (lab: Lab, version: Version) => Promise<void>): void {
  for (const version of VERSIONS)
    guestTest(`Linux, version ${version}: ${what}`, 240, (lab) => run(lab, version));
}

const scenario = (cache: string): string => `
name: files
fabrics: [{ name: A }]
hosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]
array: { ports: [A], writeCache: ${cache}, luns: [{ name: lun0, blocks: ${FILE_MIB * 2048} }] }
vms: [{ name: vm1, host: h1, luns: [lun0] }]
move: { vm: vm1, to: h2 }
`;

interface FileServer {
  readonly serve: Serve;
  readonly port: number;
}

async function fileServer(lab: Lab, cache: string): Promise<FileServer> {
  const path = join(lab.dir, 'files.yaml');
  writeFileSync(path, scenario(cache));
  const serve = await lab.serve({ scenario: path, listen: ['nfs:127.0.0.1:0'] });
  return { serve, port: Number(/nfs:127\.0\.0\.1:(\d+)/.exec(serve.log)![1]) };
}

/** Versions that Linux mounts. */
const VERSIONS = ['3', '4.1'] as const;
type Version = (typeof VERSIONS)[number];

/** A guest that has mounted it. */
async function client(lab: Lab, port: number, version: Version): Promise<Guest> {
  const guest = await lab.boot({
    name: 'h1',
    cables: [{ netdev: 'user' }],
    role: 'none',
    mtu: 1500,
    hasTools: true,
  });
  const of: Record<Version, { type: string; path: string; options: string }> = {
    '3': {
      type: 'nfs',
      path: '/units',
      options: `vers=3,nolock,mountproto=tcp,mountaddr=${HOST},mountport=${port}`,
    },
    '4.1': { type: 'nfs4', path: '/', options: 'vers=4.1,clientaddr=10.0.2.15' },
  };
  const { type, path, options } = of[version];
  await guest.ok('tools && ip_up && ins nfs');
  await guest.ok(
    `mount -t ${type} -o ${options},proto=tcp,addr=${HOST},port=${port} ${HOST}:${path} /mnt`,
  );
  return guest;
}

guestTests('files, and verified random writes past its cache', async (lab, version) => {
  const { port } = await fileServer(lab, 'protected');
  const guest = await client(lab, port, version);
  expect(await guest.ok('ls -l /mnt')).toMatch(new RegExp(`${FILE_MIB << 20} .*lun0\\.img`));
  await guest.ok('dd if=/dev/urandom of=/tmp/a bs=1M count=4 && cp /tmp/a /mnt/c');
  await guest.ok('echo 3 > /proc/sys/vm/drop_caches; cmp /tmp/a /mnt/c && rm /mnt/c');
  const fio =
    'fio --name=v --filename=/mnt/lun0.img --direct=1 --rw=randwrite --bsrange=4k-256k ' +
    `--size=${FILE_MIB}M --iodepth=8 --ioengine=libaio --verify=crc32c --do_verify=1 --thread`;
  expect(await guest.ok(`with ${fio}`, 120_000)).toMatch(/err= 0/);
  await guest.ok('stamp write /mnt/lun0.img 0 50 > /dev/null && stamp check /mnt/lun0.img 0 50');
  await guest.ok('umount /mnt');
  const file = join(lab.dir, 'lun0.copy');
  const url = `version=3&nfsport=${port}&mountport=${port}`;
  execFileSync('nfs-cp', [`nfs://127.0.0.1/units/lun0.img?${url}`, file]);
  expect(readFileSync(file).length).toBe(FILE_MIB << 20);
});

guestTests(
  'the array loses its power amid UNSTABLE data: Linux writes again, and nothing is lost',
  async (lab, version) => {
    const { serve, port } = await fileServer(lab, 'volatile');
    const guest = await client(lab, port, version);
    await guest.ok(`dd if=/dev/urandom of=/tmp/a bs=1M count=${FILE_MIB}`);
    const copy = 'dd if=/tmp/a of=/mnt/lun0.img bs=64k conv=notrunc,fsync';
    const written = guest.run(`${copy} 2>/dev/null`, 120_000);
    const some = () => statSync(serve.tapPath!).size > SOME_BYTES;
    await until(some, 60_000, 'data come');
    await serve.control({ command: 'restart', what: 'array', downMs: DOWN_MS });
    expect((await written).status).toBe(0);
    await guest.ok('echo 3 > /proc/sys/vm/drop_caches; cmp /tmp/a /mnt/lun0.img');
    // What was committed is not in the cache that the next loss empties.
    await serve.control({ command: 'restart', what: 'array', downMs: DOWN_MS });
    await delay(2 * DOWN_MS);
    await guest.ok('echo 3 > /proc/sys/vm/drop_caches; cmp /tmp/a /mnt/lun0.img', 120_000);
    await serve.stop();
    const [field, filter] =
      version === '3'
        ? ['nfs.verifier', 'nfs.procedure_v3 == 7 && rpc.msgtyp == 1']
        : ['nfs.verifier4', 'nfs.opcode == 38 && rpc.msgtyp == 1'];
    const fields = ['-T', 'fields', '-e', field!];
    const writes = ['-d', `tcp.port==${port},rpc`, '-Y', filter!];
    const verifiers = new Set(
      tshark(serve.tapPath!, [...writes, ...fields])
        .trim()
        .split('\n'),
    );
    expect(verifiers.size).toBeGreaterThan(1);
  },
);

guestTest('libnfs copies a file there and back', 60, async (lab) => {
  const { port } = await fileServer(lab, 'protected');
  const [there, back] = [join(lab.dir, 'there'), join(lab.dir, 'back')];
  writeFileSync(there, randomBytes(3_000_001));
  const at = `nfs://127.0.0.1/units`;
  const url = `version=3&nfsport=${port}&mountport=${port}`;
  execFileSync('nfs-cp', [there, `${at}/new.bin?${url}`]);
  expect(execFileSync('nfs-ls', [`${at}?${url}`], { encoding: 'utf8' })).toMatch(
    /3000001 new\.bin/,
  );
  execFileSync('nfs-cp', [`${at}/new.bin?${url}`, back]);
  expect(readFileSync(back).equals(readFileSync(there))).toBe(true);
});
