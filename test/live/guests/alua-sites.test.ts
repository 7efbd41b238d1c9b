/**
 * Two `serve` processes as two sites with a stretched unit, and a witness as a third process. They are cut from each other
 * in every phase: what was answered is not lost, never two sides write, and both legs are equal in the end.
 */
import { execFileSync } from 'node:child_process';
import { afterEach, expect, onTestFailed, test } from 'vitest';
import { guestTest } from '../support/lab.ts';
import { SITES, type Site, TwoSites } from '../support/two-sites.ts';
import { delay } from '../support/wait.ts';
import { Writer } from '../support/writer.ts';

const OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
/** Longer than the arrays wait for each other and ask the witness. */
const APART_MS = 4000;

let two: TwoSites | undefined;
afterEach(async () => {
  await two?.end();
  two?.remove();
  two = undefined;
});

async function started(lies: 'none' | 'both' = 'none'): Promise<TwoSites> {
  const made = await TwoSites.start(lies);
  two = made;
  onTestFailed(() => {
    process.stderr.write(`${made.logs}\n`);
  });
  made.startClients();
  await made.written(SITES);
  return made;
}

/** Both legs are the same, and hold what was answered. */
async function sound(sites: TwoSites): Promise<void> {
  await sites.inSync();
  await sites.stopClients();
  const [east, west] = await sites.legs();
  expect(sites.lostIn(east)).toEqual([]);
  expect(Buffer.compare(east, west)).toBe(0);
  sites.startClients();
  await sites.written(SITES);
}

/** Cut from each other, until `goesOn` has written alone, or nobody may; then together again. */
async function parted(
  sites: TwoSites,
  how: 'cut' | 'hold',
  witness: readonly Site[],
  goesOn: Site | 'one' | 'nobody',
): Promise<void> {
  sites.witnessFor(...witness);
  sites.part(how);
  const since = performance.now();
  await delay(APART_MS);
  const sides = sites.sidesThatWrote(since);
  if (goesOn === 'one') expect(sides).toHaveLength(1);
  else expect(sides).toEqual(goesOn === 'nobody' ? [] : [goesOn]);
  sites.heal();
  await sound(sites);
}

/** Invariants that a half's own frames and history show broken. */
function violatedAt(sites: TwoSites, site: Site): readonly unknown[] {
  const tap = sites.serves.get(site)!.tapPath!;
  const words = ['--import', 'tsx', 'src/cli/main.ts', 'replay', tap, '--json'];
  const said = execFileSync(process.execPath, [...words, '--history', sites.historyOf(site)], {
    encoding: 'utf8',
    maxBuffer: OUTPUT_BYTES_MAX,
  });
  const { verdict } = JSON.parse(said) as { readonly verdict: readonly { result: string }[] };
  return verdict.filter(({ result }) => result === 'violated');
}

test('cut and held while both write, with the witness for both, one and nobody', async () => {
  const sites = await started();
  await parted(sites, 'cut', SITES, 'one');
  await parted(sites, 'hold', SITES, 'one');
  await parted(sites, 'cut', ['west'], 'west');
  await parted(sites, 'hold', ['east'], 'east');
  await parted(sites, 'cut', [], 'nobody');
  await sites.end();
  for (const site of SITES) expect(violatedAt(sites, site), site).toEqual([]);
}, 240_000);

test('cut while the lead goes over, while one goes on, and again while it copies', async () => {
  const sites = await started();
  // The lead goes to and fro every 20 writes: each of these cuts meets it elsewhere, and they are over before anybody is missed, or just behind.
  for (const ms of [50, 300, 900, 1100, 1600]) {
    const since = performance.now();
    sites.part('cut');
    await delay(ms);
    expect(sites.sidesThatWrote(since).length).toBeLessThan(2);
    sites.heal();
    await sites.inSync();
    await sites.written(SITES, 10);
  }
  await sound(sites);

  // A half that is killed has nothing when it comes again: all of it is copied, and the way is cut in the middle of that.
  await sites.serves.get('west')!.stop('SIGKILL');
  await sites.stands('east', 'detached');
  await sites.startServe('west');
  await sites.stands('east', 'source');
  expect((await sites.standing('west')).state).toBe('target');
  const since = performance.now();
  sites.part('cut');
  await delay(APART_MS);
  expect(sites.sidesThatWrote(since)).toEqual(['east']);
  expect((await sites.standing('west')).refuses).toBe(true);
  sites.heal();
  await sound(sites);
  await sites.end();
  for (const site of SITES) expect(violatedAt(sites, site), site).toEqual([]);
}, 240_000);

test('a witness that lies lets both go on: both write, legs differ, and a split brain is said', async () => {
  const sites = await started('both');
  sites.part('cut');
  const since = performance.now();
  await delay(APART_MS);
  expect(sites.sidesThatWrote(since)).toEqual([...SITES]);
  sites.heal();
  for (const site of SITES) await sites.serves.get(site)!.logged(/split brain: /);
  await sites.stopClients();
  const [east, west] = await sites.legs();
  expect(Buffer.compare(east, west)).not.toBe(0);
  expect(sites.lostIn(east).length).toBeGreaterThan(0);
}, 120_000);

guestTest('a Linux guest has one disk at two servers, and writes on', 600, async (lab) => {
  const sites = await TwoSites.start();
  lab.atEnd(async () => {
    await sites.end();
    sites.remove();
  });
  onTestFailed(() => {
    process.stderr.write(`${sites.logs}\n`);
  });
  const cables = SITES.map((site) => ({ connect: sites.socketOf(site) }));
  const host = await lab.boot({ name: 'h1', mac: '52:54:00:aa:00:01', cables });
  await host.online(2, 2);
  const disks = [
    await host.ok('disk_of 2000525400aa0001'),
    await host.ok('disk_of 2000525400aa0002'),
  ];
  await host.ok(
    "sed -i 's/path_grouping_policy.*/path_grouping_policy group_by_prio\\nprio alua\\nfailback immediate/' /etc/multipath.conf",
  );
  await host.ok(
    'ins multipath && for d in /sys/block/sd*/device; do echo alua > $d/dh_state; done; mpath_up',
    120_000,
  );
  const paths = async (first: string, second: string) => {
    const wanted = [first, second].map((state, i) => `paths | grep -q "^${disks[i]} ${state} "`);
    await host.ok(`wait_for 60 '${wanted.join(' && ')}' || { paths; false; }`, 130_000);
  };
  await paths('active ready', 'active ready');
  const writer = await Writer.start(host, '/dev/mapper/mpatha', { blocks: 1000, pauseMs: 60 });
  const writes = async () => writer.reached((await writer.acknowledged()) + 30, 90);
  await writes();
  for (const [how, goesOn] of [
    ['cut', 'west'],
    ['hold', 'east'],
  ] as const) {
    sites.witnessFor(goesOn);
    sites.part(how);
    if (goesOn === 'west') await paths('failed faulty', 'active ready');
    else await paths('active ready', 'failed faulty');
    await writes();
    sites.heal();
    await sites.inSync();
    await paths('active ready', 'active ready');
    await writes();
  }
  const written = await writer.finishAndCheck();
  expect(written.error).toBeUndefined();
  const [east, west] = await sites.legs();
  expect(Buffer.compare(east, west)).toBe(0);
});
