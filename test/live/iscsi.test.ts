/** The commands of docs/iscsi.md as they are printed, against `serve` as a process: initiators that are not ours. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { askControl } from '../../src/live/control/client.ts';
import { inFull } from '../helpers/in-full.ts';
import { expectCleanTap, tshark } from './support/tap.ts';

const TARGET = 'iqn.2026-01.com.example:sanmotion';
const START_LIMIT_MS = 60_000;
const isThere = (program: string): boolean =>
  spawnSync(program, ['--help'], { stdio: 'ignore' }).error === undefined;
const hasLibiscsi = isThere('iscsi-ls');
if (!hasLibiscsi) console.warn('skipped: libiscsi-bin is not installed');
const hasQemu = isThere('qemu-img');

/** A command of the page, and lines that it prints among others. */
interface Step {
  readonly command: string;
  readonly lines: readonly string[];
}

const page = readFileSync('docs/iscsi.md', 'utf8');
const steps: Step[] = [...page.matchAll(/^```console\n\$ (.+)\n((?:.*\n)*?)```$/gm)].map(
  (found) => ({
    command: found[1]!,
    lines: found[2]!.trimEnd().split('\n'),
  }),
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-iscsi-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let running: ChildProcess | undefined;
/** What `serve` logs. */
let log = '';
async function stop(): Promise<void> {
  if (running === undefined) return;
  const ended = new Promise((resolve) => running!.once('exit', resolve));
  running.kill('SIGTERM');
  await ended;
  running = undefined;
}
afterEach(stop);

/** Starts `serve` with two portals on ports that the system chooses, and says which. */
async function serve(...more: readonly string[]): Promise<readonly [string, string]> {
  const listen = ['--listen', 'iscsi:127.0.0.1:0', '--listen', 'iscsi:127.0.0.1:0'];
  const [first, second] = await started(['serve', ...listen, '--lun', '64M', ...more], 2);
  return [first!, second!];
}

/** Starts the command; the ports at which it listens, so many of them. */
async function started(words: readonly string[], portals = 3): Promise<string[]> {
  const main = ['--import', 'tsx', 'src/cli/main.ts', ...words];
  const child = spawn(process.execPath, main, { stdio: ['ignore', 'pipe', 'pipe'] });
  running = child;
  let said = '';
  log = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  return await new Promise((resolve, reject) => {
    const give = setTimeout(() => reject(new Error(`serve says ${said}${log}`)), START_LIMIT_MS);
    child.stdout!.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      const ports = [...said.matchAll(/listening on iscsi:127\.0\.0\.1:(\d+)/g)].map(
        (one) => one[1]!,
      );
      if (ports.length < portals) return;
      clearTimeout(give);
      resolve(ports);
    });
  });
}

/** Waits without standing still: what `serve` says meanwhile is read, or it would stand still too. */
async function run(command: string, [first, second]: readonly [string, string]) {
  const [program, ...words] = command
    .replaceAll('127.0.0.1:3260', `127.0.0.1:${first}`)
    .replaceAll('127.0.0.1:3261', `127.0.0.1:${second}`)
    .split(' ');
  const child = spawn(program!, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const from of [child.stdout, child.stderr])
    from.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const status = await new Promise((resolve) => child.once('close', resolve));
  const back = (text: string) =>
    text
      .replaceAll(`127.0.0.1:${first}`, '127.0.0.1:3260')
      .replaceAll(`127.0.0.1:${second}`, '127.0.0.1:3261');
  return { status, output: back(said) };
}

describe.skipIf(!hasLibiscsi)('docs/iscsi.md', () => {
  it('prints commands', () => {
    expect(steps[0]!.command).toMatch(/^sanmotion serve /);
    expect(steps.length).toBeGreaterThan(4);
  });

  it.skipIf(!inFull)('they do what they are said to do', { timeout: 300_000 }, async () => {
    const ports = await serve();
    for (const { command, lines } of steps.slice(1)) {
      const { status, output } = await run(command, ports);
      expect(status, `${command}\n${output.slice(-2000)}`).toBe(0);
      for (const line of lines) expect(output, command).toContain(line);
    }
  });

  it('CHAP: who knows the secret comes in, and who does not does not', async () => {
    const secrets = join(folder, 'secrets');
    writeFileSync(secrets, 'topsecret12345\nmutualsecret99\n');
    const ports = await serve('--chap', `bob:${secrets}`);
    const at = `127.0.0.1:3260/${TARGET}/0`;
    const asks = async (url: string) => (await run(`iscsi-inq iscsi://${url}`, ports)).output;
    const mutual = (secret: string) => `target_user=${TARGET}&target_password=${secret}`;
    expect(await asks(at)).toContain('Authentication failure');
    expect(await asks(`bob%wrongsecret123@${at}`)).toContain('Authentication failure');
    for (const auth of ['md5', 'sha1', 'sha256'])
      expect(await asks(`bob%topsecret12345@${at}?auth=${auth}`), auth).toContain('Vendor:SANMOTN');
    expect(await asks(`bob%topsecret12345@${at}?${mutual('mutualsecret99')}`)).toContain(
      'Vendor:SANMOTN',
    );
    expect(await asks(`bob%topsecret12345@${at}?${mutual('othersecret999')}`)).toContain(
      'Invalid CHAP_R',
    );
  });

  it('several targets, from the file that the page prints', async () => {
    const printed = /## Several targets\n[\s\S]*?```yaml\n([\s\S]*?)```/.exec(page)![1]!;
    const array = printed
      .replaceAll(/127\.0\.0\.1:326\d/g, '127.0.0.1:0')
      .replace(/, advertise: '[^']*'/, '')
      .replace('secrets.txt', join(folder, 'secrets.txt'));
    writeFileSync(join(folder, 'secrets.txt'), 'topsecret12345\n');
    const file = join(folder, 'targets.yaml');
    writeFileSync(
      file,
      `name: targets\nfabrics: [{ name: A }]\nhosts: [{ name: h1, ports: [A] }, { name: h2, ports: [A] }]\n${array}` +
        'vms: [{ name: vm1, host: h1, luns: [gold] }]\nmove: { vm: vm1, to: h2 }\n',
    );
    const listening = await started(['serve', file]);
    const [gold, , tin] = listening.map((port) => `127.0.0.1:${port}`);
    const asks = async (command: string) => (await run(command, ['', ''])).output;
    expect(await asks(`iscsi-ls iscsi://${tin}`)).toMatch(
      /Target:iqn\.2026-01\.com\.example:gold Portal:\S+,7\n/,
    );
    const name = 'iqn.2026-01.com.example';
    const size = (initiator: string, url: string) =>
      asks(`iscsi-readcapacity16 -i ${name}:${initiator} -s iscsi://${url}`);
    expect(await size('h2', `${tin}/${name}:tin/0`)).toContain('67108864');
    expect(await size('h1', `bob%topsecret12345@${gold}/${name}:gold/0`)).toContain('67108864');
    expect(await size('h1', `${gold}/${name}:gold/0`)).toMatch(/authenticat/i);
    // Nobody's mask: no unit.
    expect(await size('h3', `${tin}/${name}:tin/0`)).not.toContain('67108864');
  });

  it('redirection: an initiator follows it to the other portal', async () => {
    const path = join(folder, 'control');
    const ports = await serve('--control', path);
    const url = `iscsi://127.0.0.1:3260/${TARGET}/0`;
    const ask = async (request: object) =>
      JSON.parse(await askControl(path, JSON.stringify(request)));
    const to = `127.0.0.1:${ports[1]}`;
    expect(await ask({ command: 'redirect', portal: 1, to })).toMatchObject({
      ok: true,
      redirections: [{ portal: 1, to, permanent: false }],
    });
    expect((await run(`iscsi-inq ${url}`, ports)).output).toContain('Vendor:SANMOTN');
    expect(log).toMatch(/t,0x0002 began/);
    expect(log).not.toMatch(/t,0x0001 began/);
    expect(await ask({ command: 'redirect', portal: 1 })).toMatchObject({ redirections: [] });
    await run(`iscsi-inq ${url}`, ports);
    expect(log).toMatch(/t,0x0001 began/);
    expect(await ask({ command: 'redirect', portal: 3, to })).toMatchObject({ ok: false });
    expect(await ask({ command: 'redirect', to })).toMatchObject({ ok: false });
  });

  it.skipIf(!hasQemu)(
    'QEMU reads what it wrote, with digests too, and the tap has it',
    async () => {
      const tap = join(folder, 'tap.pcapng');
      const ports = await serve('--tap', tap);
      const url = `iscsi://127.0.0.1:3260/${TARGET}/0`;
      const file = join(folder, 'random');
      writeFileSync(
        file,
        Uint8Array.from({ length: 4 << 20 }, (_, i) => (i * 2_654_435_761) >>> 13),
      );
      const done = async (command: string) => {
        const { status, output } = await run(command, ports);
        expect(status, `${command}\n${output}`).toBe(0);
        return output;
      };
      await done(`qemu-img convert -n -f raw -O raw ${file} ${url}`);
      expect(await done(`qemu-img compare -f raw -F raw ${file} ${url}`)).toContain('identical');
      await done(`qemu-img bench -t none -c 200 -d 16 -w -s 65536 -f raw ${url}`);
      expect(await done(`iscsi-inq ${url}?header_digest=crc32c`)).toContain('Vendor:SANMOTN');
      await stop();
      await expectCleanTap(
        tap,
        ports.map((port) => `tcp.port==${port},iscsi`),
      );
      const strict = '-o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE'.split(' ');
      const wrong = 'tcp.checksum.status==0 || ip.checksum.status==0 || tcp.analysis.flags';
      expect(tshark(tap, [...strict, '-Y', wrong])).toBe('');
      const as = ['-d', `tcp.port==${ports[0]},iscsi`];
      const writes = 'iscsi.opcode==1 && scsi_sbc.opcode==0x2a';
      expect(tshark(tap, [...as, '-Y', writes]).split('\n').length).toBeGreaterThan(200);
    },
  );
});
