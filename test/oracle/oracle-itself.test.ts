/** The field oracle must be able to fail: its reader, its comparison, its command. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeFrame } from '../../src/codecs/index.ts';
import { pcapFile } from '../helpers/capture.ts';
import { mappedNames } from './support/fields/index.ts';
import { generateFrames } from './support/generate.ts';
import { compareField, part, same, whole } from './support/mapping.ts';
import { type OurField, ourFields } from './support/ours.ts';
import { bitRuns, type PdmlField, type PdmlPacket, readPdml } from './support/pdml.ts';
import { tsharkVersion } from './support/tshark.ts';

const PDML = `<?xml version="1.0"?><pdml><packet>
<proto name="vlan" showname="802.1Q" size="4" pos="14">
<field name="vlan.id" showname=".... 0011 1110 1010 = ID: 1002" size="2" pos="14" show="1002" value="3EA" unmaskedvalue="03ea"/>
<field name="vlan.outer" showname="a &lt;b&gt; &#x27;c&#x27; &amp;amp;" size="1" pos="9" show="&quot;" value="22">
<field name="vlan.inner" size="0" pos="0"/></field></proto></packet><packet></packet></pdml>`;

async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function packetsOf(size: number): Promise<PdmlPacket[]> {
  const packets: PdmlPacket[] = [];
  for await (const packet of readPdml(inPieces(PDML, size))) packets.push(packet);
  return packets;
}

describe('the PDML reader', () => {
  it.each([1, 7, 64, 10_000])(
    'gives the same fields from pieces of %i characters',
    async (size) => {
      const packets = await packetsOf(size);
      expect(packets.map(({ fields }) => fields.length)).toEqual([3, 0]);
      const [id, outer, inner] = packets[0]!.fields;
      expect(id).toMatchObject({ name: 'vlan.id', proto: 'vlan', pos: 14, size: 2, show: '1002' });
      expect(id!.raw).toBe('03ea');
      expect(outer).toMatchObject({ showname: "a <b> 'c' &amp;", show: '"' });
      expect(inner!.within).toEqual(['vlan.outer']);
      expect(bitRuns(id!)).toEqual([{ first: 14 * 8 + 4, width: 12 }]);
      expect(bitRuns(outer!)).toEqual([{ first: 72, width: 8 }]);
    },
  );
});

describe('the tables', () => {
  it.skipIf(tsharkVersion() === undefined)('map nothing but fields that tshark has', () => {
    const { stdout } = spawnSync('tshark', ['-G', 'fields'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const lines = stdout.split('\n').filter((line) => line.startsWith('F\t'));
    const known = new Set(lines.map((line) => line.split('\t')[2]));
    expect(known.size).toBeGreaterThan(100_000);
    expect(mappedNames().filter((name) => !known.has(name))).toEqual([]);
  });
});

/** An Ethernet frame with VLAN 1002, priority 3. */
const TAGGED = Uint8Array.from(
  Buffer.from(`0efc00010101525400aa0001810063ea88cc${'00'.repeat(46)}`, 'hex'),
);

function byPath(): ReadonlyMap<string, readonly OurField[]> {
  const fields = new Map<string, OurField[]>();
  for (const one of ourFields(decodeFrame(TAGGED)))
    fields.set(one.path, [...(fields.get(one.path) ?? []), one]);
  return fields;
}

const shown = (over: Partial<PdmlField>): PdmlField => ({
  name: 'vlan.id',
  proto: 'vlan',
  pos: 14,
  size: 2,
  aroundPos: 14,
  show: '1002',
  showname: '.... 0011 1110 1010 = ID: 1002',
  raw: '63ea',
  within: [],
  ...over,
});

describe('the comparison', () => {
  const ours = byPath();

  it('finds the same field at the same place', () => {
    expect(compareField(shown({}), [same('vlan:vid')], ours)).toBeUndefined();
  });

  it('tells another value, another offset, another width and another field', () => {
    const what = (over: Partial<PdmlField>, path = 'vlan:vid') =>
      compareField(shown(over), [same(path)], ours)?.what;
    expect(what({ show: '1003' })).toBe('value');
    expect(what({ pos: 15 })).toBe('position');
    expect(what({ showname: '...0 0011 1110 1010 = ID: 1002' })).toBe('position');
    expect(what({}, 'vlan:priority')).toBe('position');
  });

  it('compares a part of a field, and fields that form one', () => {
    const vendor = { showname: '', size: 3, pos: 6, show: '52:54:00' };
    expect(compareField(shown(vendor), [part('ethernet:source')], ours)).toBeUndefined();
    const other = { ...vendor, show: '52:54:01' };
    expect(compareField(shown(other), [part('ethernet:source')], ours)?.what).toBe('value');
    const tag = { showname: '', show: '0x63ea' };
    expect(compareField(shown(tag), [whole('vlan:*')], ours)).toBeUndefined();
    const wrong = { showname: '', show: '0x63eb' };
    expect(compareField(shown(wrong), [whole('vlan:*')], ours)?.what).toBe('value');
  });

  it('takes the first target that lies there', () => {
    const targets = [same('vlan:priority'), same('vlan:vid')];
    expect(compareField(shown({}), targets, ours)).toBeUndefined();
    expect(compareField(shown({ show: '1' }), targets, ours)?.what).toBe('value');
  });
});

describe('generated frames', () => {
  it('are the same for the same seed and others for another', () => {
    const hex = (seed: number) =>
      generateFrames({ seed, each: 1 }).map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    const first = hex(3);
    expect(hex(3)).toEqual(first);
    expect(hex(4)).not.toEqual(first);
    expect(first.length).toBeGreaterThan(700);
  });
});

const folder = mkdtempSync(join(tmpdir(), 'sanmotion-oracle-itself-'));
afterAll(() => rmSync(folder, { recursive: true }));

const command = (...given: string[]) => {
  const entry = ['test/oracle/support/cli.ts', ...given];
  const { status, stdout, stderr } = spawnSync('node_modules/.bin/tsx', entry, {
    encoding: 'utf8',
  });
  const lines = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('npm '));
  return { status, stdout, complaint: lines };
};

describe('the command', () => {
  it.each([
    ['no capture', []],
    ['an unknown option', ['--nonsense']],
    ['a seed that is no number', ['--generated', '--seed', 'x']],
    ['a missing file', ['no-such-file.pcap']],
    ['a file that is no capture', ['package.json']],
  ])('ends with 2 and one line for %s', (_what, given) => {
    const { status, stdout, complaint } = command(...given);
    expect({ status, stdout, lines: complaint.length }).toEqual({
      status: 2,
      stdout: '',
      lines: 1,
    });
    expect(complaint[0]).toMatch(/^oracle: /);
  });

  interface Json {
    files: { frames: number; protocols: Record<string, { compared: number }> }[];
    total: { mismatched: number };
  }
  const judge = (name: string, bytes: Uint8Array) => {
    const path = join(folder, name);
    writeFileSync(path, pcapFile([{ seconds: 1, subseconds: 0, bytes }]));
    const { status, stdout } = command('--json', path);
    return { status, report: JSON.parse(stdout) as Json };
  };

  it.skipIf(tsharkVersion() === undefined)('tells in JSON what was compared', () => {
    const bytes = TAGGED.slice();
    bytes.set([0x88, 0xb5], 16); // an experimental EtherType: nothing behind the tag is read
    const { status, report } = judge('tagged.pcap', bytes);
    expect(status).toBe(0);
    expect(report.files[0]!.frames).toBe(1);
    expect(report.files[0]!.protocols.vlan!.compared).toBe(4);
    expect(report.total.mismatched).toBe(0);
  });

  it.skipIf(tsharkVersion() === undefined)('ends with 1 for a mismatch', () => {
    // LLDP without the TLVs that must be there: tshark calls it malformed, we read what there is.
    const { status, report } = judge('empty-lldp.pcap', TAGGED);
    expect(status).toBe(1);
    expect(report.total.mismatched).toBe(1);
  });
});
