/** Names of TCP and of what its streams carry beside tshark: in which frames they are, and with which values. */
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openCapture } from '../../../src/capture/index.ts';
import { Conversation, decodeFrame, type Frame, TcpStreams } from '../../../src/codecs/index.ts';
import { displayFilter, type FilterSubject, fieldOf } from '../../../src/filter/index.ts';
import { STREAM_NAMES_OF_FILTERS } from '../../../src/filter/names/streams.ts';
import { tsharkVersion } from '../support/tshark.ts';

const hasTshark = tsharkVersion() !== undefined;
if (!hasTshark) console.warn('skipped: tshark is not installed');

const FILES = ['iscsi', 'nfs'].flatMap((folder) =>
  readdirSync(`fixtures/${folder}`)
    .filter((name) => name.endsWith('.pcap'))
    .map((name) => `fixtures/${folder}/${name}`),
);
/** Frames of a capture that are compared. */
const FRAMES_MAX = 4000;

/** Looks at each frame at once: the bytes of units are used again. */
async function look<T>(file: string, at: (subject: FilterSubject) => T): Promise<T[]> {
  const conversation = new Conversation();
  let units: Frame[] = [];
  const streams = new TcpStreams(
    { pdu: ({ frame }) => units.push(frame), gap: () => {} },
    conversation,
  );
  const found: T[] = [];
  const capture = await openCapture(file);
  for await (const batch of capture.frames)
    for (const timed of batch) {
      const { bytes, fcsBytes, index, linkType, originalLength } = timed;
      const frame = decodeFrame(bytes, { linkType, originalLength, fcsBytes, conversation });
      units = [];
      streams.take(frame, index);
      if (index <= FRAMES_MAX) found.push(at({ ...timed, frame, units, firstTimeNs: 0n }));
    }
  return found;
}

/** Where the targets of the captures listen. */
const PORTS = [13260, 34915, 37841].flatMap((port) => ['-d', `tcp.port==${port},iscsi`]);

const tshark = (...options: string[]): string[] =>
  execFileSync('tshark', ['-n', ...PORTS, ...options], {
    encoding: 'latin1',
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
    .split('\n')
    .slice(0, -1);

/** A value as a text that both have alike. */
function plain(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'boolean') return value ? '1' : '0';
  return String(value);
}

const plainShown = (text: string, kind: string): string => {
  if (kind === 'octets') return text.replaceAll(':', '');
  return /^(?:0x[0-9a-f]+|\d+)$/.test(text)
    ? String(BigInt(text))
    : text.replace(/^True$/, '1').replace(/^False$/, '0');
};

const NAMES = Object.keys(STREAM_NAMES_OF_FILTERS).filter((name) => name.includes('.'));
const OPCODE = NAMES.indexOf('iscsi.opcode');

describe.skipIf(!hasTshark)('names of streams', () => {
  it.each(FILES)('%s', { timeout: 120_000 }, async (file) => {
    const columns = NAMES.flatMap((name) => ['-e', name]);
    const options = ['-T', 'fields', '-E', 'separator=\x01', '-E', 'aggregator=\x02'];
    const lines = tshark('-r', file, '-c', `${FRAMES_MAX}`, ...options, ...columns);
    const values = await look(file, (subject) =>
      NAMES.map((name) => fieldOf(name)!.values(subject).map(plain)),
    );
    expect(lines).toHaveLength(values.length);
    const wrong = new Map<string, string>();
    let agree = 0;
    let notSeen = 0;
    for (const [i, all] of values.entries()) {
      const shown = lines[i]!.split('\x01');
      // A unit whose header and data came in segments of their own, which tshark does not put together here.
      if (all[OPCODE]!.length > 0 && shown[OPCODE] === '') {
        notSeen += 1;
        continue;
      }
      for (const [k, name] of NAMES.entries()) {
        const field = fieldOf(name)!;
        const ours = all[k]!;
        const theirs = (shown[k] ? shown[k].split('\x02') : []).map((one) =>
          plainShown(one, field.kind),
        );
        if (ours.join() === theirs.join()) agree += ours.length;
        else
          wrong.set(
            name,
            `${wrong.get(name) ?? ''} ${i + 1}: ${ours} beside ${theirs};`.slice(0, 200),
          );
      }
    }
    expect(Object.fromEntries(wrong)).toEqual({});
    expect(agree).toBeGreaterThan(100);
    expect(notSeen).toBeLessThan(4);
  });

  it.each([
    ['fixtures/iscsi/ipxe-login-read-tgt.pcap', 'iscsi.opcode == 1 && tcp.dstport == 13260'],
    ['fixtures/iscsi/ipxe-login-read-tgt.pcap', 'iscsi.scsiresponse.status == 0'],
    ['fixtures/iscsi/ipxe-login-read-tgt.pcap', 'tcp.flags.syn == 1 || tcp.flags.fin == 1'],
    ['fixtures/nfs/libnfs.pcap', 'nfs.procedure_v3 == 7'],
    ['fixtures/nfs/libnfs.pcap', 'rpc.msgtyp == 1 && nfs.status3 == 0'],
    ['fixtures/nfs/libnfs.pcap', 'mount || nfs.procedure_v3 in {1..3}'],
  ])('%s: %s', async (file, filter) => {
    const passes = displayFilter(filter);
    const ours = (await look(file, (one) => (passes(one) ? [`${one.index}`] : []))).flat();
    expect(ours.length).toBeGreaterThan(0);
    const theirs = ['-r', file, '-Y', filter, '-T', 'fields', '-e', 'frame.number'];
    expect(ours).toEqual(tshark(...theirs));
  });
});
