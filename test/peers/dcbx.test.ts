/** Data center bridging exchange beside lldpad: it takes what our switch wants, and our ENode takes what it wants. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EtherType, ethernet } from '../../src/codecs/ethernet/index.ts';
import { decodeFrame, encodeFrame } from '../../src/codecs/frame/index.ts';
import { formatHex, type Mac } from '../../src/codecs/layout/index.ts';
import { Fcf } from '../../src/fabric/fcoe/fcf.ts';
import type { DcbxAgreed, DcbxDialect } from '../../src/history/dcb.ts';
import { Host, type HostEvent } from '../../src/host/host.ts';
import { MILLISECOND, SECOND } from '../../src/machine/machine.ts';
import { streams } from '../../src/machine/random.ts';
import { convergedSettings, NO_DCB } from '../../src/net/dcbx/settings.ts';
import { until } from '../live/support/wait.ts';
import { missing } from './support/debian.ts';
import { MachineDriver, TapWire, withoutNamespaces } from './support/tap-wire.ts';

const without =
  missing(
    ['lldpad', 'gcc', 'libc6-dev'],
    ['/usr/sbin/lldpad', '/usr/sbin/lldptool', '/usr/bin/gcc', '/usr/include/dlfcn.h'],
  ) ?? withoutNamespaces();
const LIMIT_MS = 30_000;
const OWN = '02:00:00:00:00:a0' as Mac;

let folder = '';
let shim = '';
const wires: TapWire[] = [];
const drivers: MachineDriver<never>[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sanmotion-dcbx-'));
  if (without !== undefined) return;
  shim = join(folder, 'dcb-netlink-shim.so');
  const source = new URL('support/dcb-netlink-shim.c', import.meta.url).pathname;
  const words = ['-shared', '-fPIC', '-O1', '-o', shim, source, '-ldl'];
  expect(spawnSync('gcc', words, { encoding: 'utf8' })).toMatchObject({ status: 0 });
});
afterAll(async () => {
  for (const driver of drivers) driver.stop();
  for (const wire of wires) await wire.close();
  rmSync(folder, { recursive: true, force: true });
});

/** lldpad on an interface of its own, whose device has data center bridging as far as it can see. */
async function lldpad(
  name: string,
): Promise<{ wire: TapWire; tool: (...words: string[]) => string }> {
  const wire = await TapWire.open(name);
  wires.push(wire);
  wire.start('env', `LD_PRELOAD=${shim}`, 'lldpad', '-t', '-f', join(folder, `${name}.conf`));
  const run = (...words: string[]) => wire.run('lldptool', '-i', wire.name, ...words);
  await until(() => run('-L', 'adminStatus=rxtx').status === 0, LIMIT_MS, 'lldpad listens');
  const tool = (...words: string[]): string => {
    const { status, stdout, stderr } = run(...words);
    expect(`${status} ${stderr}`, words.join(' ')).toBe('0 ');
    return stdout;
  };
  return { wire, tool };
}

/** Frames of LLDP that came, each of which decodes and encodes to its own bytes. */
function lldpOf(wire: TapWire): number {
  const all = wire.frames.filter((one) => ethernet.decode(one, 0).etherType === EtherType.LLDP);
  for (const one of all) {
    const frame = decodeFrame(one);
    expect(frame.malformed).toBeUndefined();
    expect(formatHex(encodeFrame(frame))).toBe(formatHex(one));
  }
  return all.length;
}

describe.skipIf(without !== undefined)('data center bridging exchange', () => {
  test('lldpad takes PFC of priority 3 and shares of 50/50 from our switch', async () => {
    const { wire, tool } = await lldpad('dcbs');
    const told: DcbxAgreed[] = [];
    const fcf = switchOf('ieee');
    const driver = wire.driverOf(fcf, (event) => {
      if (event.type === 'dcbx') told.push(event);
    });
    drivers.push(driver as unknown as MachineDriver<never>);
    wire.onFrame = (frame) => driver.heard(0, frame);
    driver.change((now) => fcf.handleLink(0, true, now));
    await until(() => told.some(({ isAgreed }) => isAgreed), LIMIT_MS, 'lldpad has taken it');
    const shown = tool('-t', '-V', 'PFC');
    expect(shown).toMatch(/Willing: yes/);
    expect(shown).toMatch(/PFC enabled: 3/);
    expect(tool('-t', '-V', 'ETS-CFG')).toMatch(
      /PRIO_MAP: 0:0 1:0 2:0 3:1[\s\S]*TC Bandwidth: 50% 50%/,
    );
    expect(tool('-t', '-n')).toMatch(/Prio 3[\s\S]*0x8906[\s\S]*Prio 3[\s\S]*0x8914/);
    expect(lldpOf(wire)).toBeGreaterThan(0);
  });

  test('our ENode takes PFC, the recommended shares and the priority of FCoE from lldpad', async () => {
    const { wire, tool } = await lldpad('dcbe');
    for (const [tlv, ...settings] of [
      ['PFC', 'willing=no', 'enabled=4'],
      [
        'ETS-CFG',
        'willing=no',
        'up2tc=0:0,1:0,2:0,3:0,4:1,5:0,6:0,7:0',
        'tsa=0:ets,1:ets',
        'tcbw=50,50,0,0,0,0,0,0',
      ],
      [
        'ETS-REC',
        'enableTx=yes',
        'up2tc=0:0,1:0,2:0,3:0,4:1,5:0,6:0,7:0',
        'tsa=0:ets,1:ets',
        'tcbw=70,30,0,0,0,0,0,0',
      ],
      ['APP', 'enableTx=yes', 'app=4,1,35078', 'app=4,1,35092'],
    ] as const)
      for (const one of settings) tool('-T', '-V', tlv, one);
    const told: DcbxAgreed[] = [];
    const host = new Host({
      name: 'h1',
      policy: { commandTimeoutNs: SECOND, lateWriteWaitNs: 0, guestTimeoutNs: SECOND },
      nodeName: 0x2000_0200_0000_00a0n,
      ports: [
        {
          mac: OWN,
          wwpn: 0x2001_0200_0000_00a0n,
          vlanDiscovery: false,
          vlan: 100,
          vlanPriority: 3,
          fcfSelectionDelayNs: MILLISECOND,
          dcbx: { willing: true, settings: NO_DCB },
        },
      ],
      random: (name) => streams(1).stream(name),
    });
    const fips: number[] = [];
    const driver = new MachineDriver<HostEvent>(
      host,
      (_port, frame) => {
        if (frame[12] === 0x81) fips.push(frame[14]! >> 5);
        wire.send(frame);
      },
      (event) => {
        if (event.type === 'dcbx') told.push(event);
      },
    );
    drivers.push(driver as unknown as MachineDriver<never>);
    wire.onFrame = (frame) => driver.heard(0, frame);
    driver.change((now) => host.handleLink(0, true, now));
    const isWhole = () => told.at(-1)?.isAgreed && told.at(-1)!.applications.length === 2;
    await until(isWhole, LIMIT_MS, 'both say the same');
    expect(told.at(-1)).toEqual({
      type: 'dcbx',
      port: 0,
      dialect: 'ieee',
      isAgreed: true,
      problem: '',
      groups: [0, 0, 0, 0, 1, 0, 0, 0],
      bandwidth: [70, 30, 'strict', 'strict', 'strict', 'strict', 'strict', 'strict'],
      pfcEnabled: 0b1_0000,
      applications: [0x8914, 0x8906].map((protocolId) => ({
        kind: 'EtherType',
        protocolId,
        priority: 4,
      })),
    });
    await until(() => fips.at(-1) === 4, LIMIT_MS, 'its frames have that priority');
    expect(lldpOf(wire)).toBeGreaterThan(0);
  });

  // lldpad gives up IEEE's exchange then and begins CEE's, but its own TLV comes only with a device that has a state.
  test("lldptool reads our switch's CEE, and lldpad says nothing of IEEE any more", async () => {
    const { wire, tool } = await lldpad('dcbc');
    const fcf = switchOf('cee');
    const driver = wire.driverOf(fcf, () => {});
    drivers.push(driver as unknown as MachineDriver<never>);
    driver.change((now) => fcf.handleLink(0, true, now));
    const shown = await until(
      () => {
        const said = tool('-t', '-n');
        return said.includes('CEE DCBX TLV') ? said : undefined;
      },
      LIMIT_MS,
      'lldpad has heard it',
    );
    expect(shown).toContain('SeqNo: 1, AckNo: 0');
    expect(shown).toContain('PGID Priorities:  0:[0,1,2,4,5,6,7] 1:[3]');
    expect(shown).toContain('PFC enabled priorities: 3');
    expect(shown).toContain('Ethertype: 0x8914, Priority Map: 0x08');
    await until(() => !tool('-t').includes('8021QAZ'), LIMIT_MS, 'IEEE is given up');
  });
});

/** A switch that wants what a converged link has. */
function switchOf(dialect: DcbxDialect): Fcf {
  return new Fcf({
    name: 'fcf',
    fcfMac: OWN,
    fabricName: 0x1000_0200_0000_00a0n,
    switchName: 0x1000_0200_0000_00a0n,
    domain: 1,
    ports: 1,
    random: streams(1).stream('fcf'),
    dcbx: { willing: false, settings: convergedSettings(), dialect },
    linksUp: false,
  });
}
