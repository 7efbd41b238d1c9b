/**
 * QEMU moves a running Linux guest between two hosts, its disk on our unit: by QEMU's own iSCSI initiator, and as a
 * file over NFS. The guest writes numbered blocks all the while.
 *
 * SANMOTION_MIGRATIONS: how often each way (default 1).
 */
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Guest, GuestOptions } from '../support/guest.ts';
import { HoldingProxy } from '../support/holding-proxy.ts';
import { guestTest, type Lab } from '../support/lab.ts';
import { migrate } from '../support/migrate.ts';
import type { Serve } from '../support/serve.ts';
import { judgedTap, violatedIn } from '../support/tap.ts';
import { delay } from '../support/wait.ts';

const TARGET = 'iqn.2026-01.com.example:sanmotion';
const EACH_WAY = Number(process.env.SANMOTION_MIGRATIONS ?? 1);
const LIMIT_S = 120 + 40 * EACH_WAY;
const LUN = ['--lun', '64M'];
/** Blocks of 4 KiB in a unit. */
const BLOCKS = 16_384;
/** A loopback address of its own: QEMU asks a port mapper, which is always at TCP port 111. */
const NFS_ADDRESS = '127.0.0.111:111';

/** A disk of the guest by one of QEMU's block drivers. */
const disk = (blockdev: string): readonly string[] => [
  '-blockdev',
  `${blockdev},node-name=disk`,
  '-device',
  'virtio-blk-pci,drive=disk',
];

const iscsiDisk = (port: number): readonly string[] =>
  disk(
    `driver=iscsi,transport=tcp,portal=127.0.0.1:${port},target=${TARGET},lun=0,initiator-name=iqn.2026-01.com.example:vm`,
  );

/** A guest that is moved: where it runs now, and QEMU's account of its moves. */
class MovingGuest {
  guest: Guest;
  readonly downtimesMs: number[] = [];
  readonly #lab: Lab;
  readonly #qemu: readonly string[];
  #moves = 0;

  private constructor(lab: Lab, guest: Guest, qemu: readonly string[]) {
    this.#lab = lab;
    this.guest = guest;
    this.#qemu = qemu;
  }

  static async boot(lab: Lab, qemu: readonly string[]): Promise<MovingGuest> {
    const guest = await lab.boot(MovingGuest.#options('h0', qemu));
    await guest.ok('ins vblk && wait_for 5 "[ -b /dev/vda ]"');
    return new MovingGuest(lab, guest, qemu);
  }

  static #options(name: string, qemu: readonly string[]): GuestOptions {
    return { name, cables: [], role: 'none', qemu };
  }

  /** Begins to write blocks one at a time, and to note each that the disk has answered. */
  async write(generation = 1): Promise<void> {
    const words = `/dev/vda 0 ${BLOCKS} -g ${generation} -i 5 -l /tmp/ack.${generation}`;
    await this.guest.ok(`stamp write ${words} > /dev/null 2>&1 & echo $! > /tmp/writer`);
  }

  /** To another QEMU, while it writes. */
  async move(): Promise<void> {
    const name = `h${++this.#moves}`;
    const path = join(this.#lab.dir, `${name}.migration`);
    const there = await this.#lab.incoming(MovingGuest.#options(name, this.#qemu), path);
    this.downtimesMs.push(await migrate(this.guest, path));
    await this.guest.stop();
    this.guest = there;
    await there.ok('true');
  }

  /** Ends the writer: how many blocks were answered, and how long the longest of them took. */
  async stopWriting(
    generation = 1,
  ): Promise<{ readonly blocks: number; readonly longestMs: number }> {
    await this.guest.ok('kill $(cat /tmp/writer); sleep 1');
    const log = `/tmp/ack.${generation}`;
    const blocks = Number(await this.guest.ok(`grep -c ^ack ${log}`));
    const longest = await this.guest.ok(`sed -n 's/^ack .* //p' ${log} | sort -n | tail -1`);
    return { blocks, longestMs: Number(longest) };
  }
}

function tell(what: string, { downtimesMs }: MovingGuest, blocks: number, longestMs: number): void {
  const times = downtimesMs.join(' ');
  process.stderr.write(
    `${what}: ${blocks} blocks; longest write in the guest ${longestMs.toFixed(0)} ms, downtimes by QEMU ${times} ms\n`,
  );
}

/** Moves there and back, and reads what was written. */
async function thereAndBack(
  lab: Lab,
  serve: Serve,
  qemu: readonly string[],
  what: string,
): Promise<void> {
  const moving = await MovingGuest.boot(lab, qemu);
  await moving.write();
  for (let i = 0; i < 2 * EACH_WAY; i++) {
    await delay(500);
    await moving.move();
  }
  await delay(500);
  const { blocks, longestMs } = await moving.stopWriting();
  tell(what, moving, blocks, longestMs);
  expect(blocks).toBeGreaterThan(50);
  const check = await moving.guest.run(
    `echo 3 > /proc/sys/vm/drop_caches; stamp check /dev/vda 0 ${blocks}`,
  );
  expect(check).toMatchObject({ status: 0 });
  await moving.guest.stop();
  await serve.stop();
  const report = await judgedTap(serve.tapPath!);
  expect(violatedIn(report)).toEqual([]);
}

guestTest('over iSCSI: there and back, nothing is lost', LIMIT_S, async (lab) => {
  const serve = await lab.serve({ listen: ['iscsi:127.0.0.1:0'], arguments: LUN });
  const port = Number(/iscsi:127\.0\.0\.1:(\d+)/.exec(serve.log)![1]);
  await thereAndBack(lab, serve, iscsiDisk(port), 'iSCSI');
  // A session of each QEMU, of another ISID each time.
  const began = [...serve.log.matchAll(/iSCSI session of (iqn\S+) at \S+ began/g)];
  expect(new Set(began.map(([, name]) => name)).size).toBeGreaterThanOrEqual(1 + 2 * EACH_WAY);
});

guestTest('over NFS: there and back, nothing is lost', LIMIT_S, async (lab) => {
  const serve = await lab.serve({ listen: [`nfs:${NFS_ADDRESS}`], arguments: LUN });
  const server = `server.type=inet,server.host=${NFS_ADDRESS.split(':')[0]}`;
  await thereAndBack(lab, serve, disk(`driver=nfs,${server},path=/units/lun0.img`), 'NFS');
});

guestTest(
  'over iSCSI with data of the first QEMU held back: they overwrite what the second has written, and I7 says so',
  LIMIT_S,
  async (lab) => {
    const serve = await lab.serve({ listen: ['iscsi:127.0.0.1:0'], arguments: LUN });
    const port = Number(/iscsi:127\.0\.0\.1:(\d+)/.exec(serve.log)![1]);
    const proxy = await HoldingProxy.before(port, 'data');
    lab.atEnd(() => proxy.close());
    const moving = await MovingGuest.boot(lab, iscsiDisk(proxy.port));
    await moving.write(1);
    await delay(300);
    // QEMU comes back under another ISID, and sends the write again: the old session lives on with the first.
    await proxy.hold();
    await delay(2000);
    await moving.move();
    const { blocks } = await moving.stopWriting(1);
    await moving.guest.ok(`stamp write /dev/vda 0 ${blocks} -g 2 > /dev/null`);
    await moving.guest.ok(`stamp check /dev/vda 0 ${blocks} -g 2`);
    proxy.deliver();
    await delay(500);
    const { status, output } = await moving.guest.run(
      `echo 3 > /proc/sys/vm/drop_caches; stamp check /dev/vda 0 ${blocks} -g 2`,
    );
    expect(status).toBe(1);
    expect(output).toMatch(/^old \d+ 1$/m);
    expect(output).not.toMatch(/^(lost|torn) /m);
    await moving.guest.stop();
    await serve.stop();
    const report = await judgedTap(serve.tapPath!);
    expect(violatedIn(report)).toEqual(['I7']);
  },
);
