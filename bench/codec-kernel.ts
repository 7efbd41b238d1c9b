/**
 * What the codec kernel costs per message, beside binary-parser alone and beside a decoder written
 * by hand, all in one interleaved run so that the machine's noise meets each of them alike.
 *
 * Run: `npx tsx bench/codec-kernel.ts [rounds]`. Prints nanoseconds (the median of the rounds) and
 * the ratio to the handwritten decoder or encoder of the same message.
 */
// @ts-expect-error binary-parser's package.json hides its declarations from ESM importers
import { Parser } from 'binary-parser';
import { flogi } from '../src/codecs/els/index.ts';
import { ethernet } from '../src/codecs/ethernet/index.ts';
import { type FcHeader, fcHeader } from '../src/codecs/fc/index.ts';
import { parseHex } from '../src/codecs/layout/index.ts';

const ROUNDS = Number(process.argv[2] ?? 15);
const CALLS = 50_000;

/** Whatever the measured code makes ends here, so that no engine leaves the work out. */
let kept: unknown;

interface Subject {
  readonly name: string;
  run(): void;
}

/** Runs the subjects in turn, round after round; the median of each, in nanoseconds per call. */
function measure(subjects: readonly Subject[]): Map<string, number> {
  const times = new Map(subjects.map(({ name }) => [name, [] as number[]]));
  for (let round = -3; round < ROUNDS; round++) {
    for (const { name, run } of subjects) {
      const start = process.hrtime.bigint();
      for (let i = 0; i < CALLS; i++) run();
      const elapsed = Number(process.hrtime.bigint() - start) / CALLS;
      if (round >= 0) times.get(name)!.push(elapsed);
    }
  }
  return new Map(
    [...times].map(([name, all]) => [name, all.sort((a, b) => a - b)[all.length >> 1]!]),
  );
}

function print(title: string, subjects: readonly Subject[], base: string): void {
  const times = measure(subjects);
  process.stdout.write(`${title}\n`);
  for (const [name, ns] of times) {
    const ratio = (ns / times.get(base)!).toFixed(2);
    process.stdout.write(`  ${name.padEnd(34)} ${ns.toFixed(1).padStart(8)} ns  ${ratio}x\n`);
  }
}

const header = parseHex('22fffffe 00010e01 01290000 00000000 0012ffff 00000000');

const plainParser = new Parser()
  .endianess('big')
  .uint8('rCtl')
  .bit24('dId')
  .uint8('csCtl')
  .bit24('sId')
  .uint8('type')
  .bit24('fCtl')
  .uint8('seqId')
  .uint8('dfCtl')
  .uint16('seqCnt')
  .uint16('oxId')
  .uint16('rxId')
  .uint32('parameter');

function decodeByHand(bytes: Uint8Array): FcHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return {
    rCtl: view.getUint8(0),
    dId: view.getUint32(0) & 0xff_ffff,
    csCtl: view.getUint8(4),
    sId: view.getUint32(4) & 0xff_ffff,
    type: view.getUint8(8),
    fCtl: view.getUint32(8) & 0xff_ffff,
    seqId: view.getUint8(12),
    dfCtl: view.getUint8(13),
    seqCnt: view.getUint16(14),
    oxId: view.getUint16(16),
    rxId: view.getUint16(18),
    parameter: view.getUint32(20),
  };
}

function encodeByHand(value: FcHeader): Uint8Array {
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, value.rCtl * 2 ** 24 + value.dId);
  view.setUint32(4, value.csCtl * 2 ** 24 + value.sId);
  view.setUint32(8, value.type * 2 ** 24 + value.fCtl);
  view.setUint8(12, value.seqId);
  view.setUint8(13, value.dfCtl);
  view.setUint16(14, value.seqCnt);
  view.setUint16(16, value.oxId);
  view.setUint16(18, value.rxId);
  view.setUint32(20, value.parameter);
  return bytes;
}

const headerValue = fcHeader.decode(header);
const headerView = fcHeader.view(header);
const target = new Uint8Array(24);

const keep = (name: string, make: () => unknown): Subject => ({
  name,
  run() {
    kept = make();
  },
});

print(
  'FC header, 24 bytes, 12 fields',
  [
    keep('decode by hand', () => decodeByHand(header)),
    keep('decode', () => fcHeader.decode(header)),
    keep('binary-parser alone', () => plainParser.parse(header)),
    keep('view of 3 fields, moved', () => {
      headerView.move(header, 0);
      return headerView.dId + headerView.sId + headerView.oxId;
    }),
  ],
  'decode by hand',
);
print(
  'FC header, to bytes',
  [
    keep('encode by hand, unchecked', () => encodeByHand(headerValue)),
    keep('encode', () => fcHeader.encode(headerValue)),
    keep('write', () => fcHeader.write(target, 0, headerValue)),
  ],
  'encode by hand, unchecked',
);

const frameStart = parseHex('0efc00010e01 0efc00fffffe 8906');
const ethernetValue = ethernet.decode(frameStart);
const login = Uint8Array.from({ length: 116 }, (_, i) => (i === 0 ? 4 : i * 7));
const loginValue = flogi.decode(login);
print(
  'Ethernet (two addresses) and FLOGI (116 bytes, five messages nested)',
  [
    keep('ethernet decode', () => ethernet.decode(frameStart)),
    keep('ethernet encode', () => ethernet.encode(ethernetValue)),
    keep('flogi decode', () => flogi.decode(login)),
    keep('flogi encode', () => flogi.encode(loginValue)),
  ],
  'ethernet decode',
);

if (kept === undefined) throw new Error('nothing was measured');
