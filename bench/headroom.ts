/**
 * The least headroom with which a port loses nothing, measured, beside what 802.1Q's formula asks for:
 * `npm run bench -- headroom [--json]`.
 *
 * One sender at full rate, a switch whose way out stands still, and frames of 9,216 bytes on the way back, behind which
 * the pause has to wait. Headroom that is needed depends on where in such a frame the pause falls, so the sender begins
 * at many moments and the worst counts. It is tried: with that much nothing is dropped, with a byte less something is.
 */
import { ethernet, vlanTag } from '../src/codecs/ethernet/index.ts';
import { headroomBytes } from '../src/link/headroom.ts';
import { GROUPS_DEFAULT, type QosEnd } from '../src/link/qos-options.ts';
import type { Machine, Output } from '../src/machine/machine.ts';
import { Simulator } from '../src/sim/simulator.ts';

const LARGEST = 9216;
const FRAME = 2240;
const THRESHOLD = 10 * FRAME;
const PHASES = 32;
const RATES = [10e9, 25e9, 40e9, 100e9];
const METRES = [2, 100, 300, 2000, 10_000];
/** Of light in fibre. */
const NS_PER_METRE = 5;

/** Sends what it is told to, or hands on to port 0 what comes. */
class Node implements Machine<never> {
  readonly outputs: Output<never>[] = [];
  readonly deadline = undefined;
  readonly forwards: boolean;

  constructor(forwards: boolean) {
    this.forwards = forwards;
  }
  handleFrame(port: number, frame: Uint8Array): void {
    if (this.forwards && port === 1) this.outputs.push({ port: 0, send: frame, given: false });
  }
  handleLink(): void {}
  handleTimeout(): void {}
  poll(): Output<never> | undefined {
    return this.outputs.shift();
  }
}

function storageFrame(): Uint8Array {
  const frame = new Uint8Array(FRAME);
  const mac = '02:00:00:00:00:01';
  frame.set(ethernet.encode({ destination: mac, source: mac, etherType: 0x8100 }));
  frame.set(vlanTag.encode({ priority: 3, vid: 1002, etherType: 0x8906 }), 14);
  return frame;
}

/** Frames that came in and those that were dropped, with so much headroom, the sender beginning at a time. */
function flood(rate: number, metres: number, headroom: number, startNs: number) {
  const simulator = new Simulator<never>();
  const [host, fabric, out] = [new Node(false), new Node(true), new Node(false)];
  for (const [name, node] of Object.entries({ host, fabric, out })) simulator.addNode(name, node);
  const end = (mac: string, forwards: boolean): QosEnd => ({
    queues: { ...GROUPS_DEFAULT, pfcEnabled: 8, fcoePriority: 3 },
    mac,
    buffer: {
      totalBytes: 2 ** 30,
      reserveBytes: 0,
      headroomBytes: headroom,
      threshold: THRESHOLD,
      shift: 0,
      resumeBytes: 0,
    },
    forwards,
  });
  const link = { rateBitsPerSecond: rate, propagationNs: metres * NS_PER_METRE };
  const ends = [end('02:00:00:00:00:02', false), end('02:00:00:00:00:03', true)] as const;
  simulator.connect(
    { node: 'host', port: 0 },
    { node: 'fabric', port: 1 },
    { name: 'in', ...link, qos: { ends } },
  );
  simulator
    .connect(
      { node: 'out', port: 0 },
      { node: 'fabric', port: 0 },
      { name: 'out', ...link, qos: { ends } },
    )
    .pause('b-to-a');
  let drops = 0;
  simulator.observe({ qos: ({ type }) => void (type === 'queue-drop' && drops++) });
  const untilNs = startNs + 1_000_000;
  const everyNs = Math.ceil(((LARGEST + 24) * 8e9) / rate);
  simulator.sendOther('in', 'b-to-a', { priority: 0, frameBytes: LARGEST, everyNs, untilNs });
  const count = Math.ceil((rate * 1e-3) / (FRAME * 8));
  simulator.call(startNs, () =>
    simulator.act('host', () => {
      for (let i = 0; i < count; i++)
        host.outputs.push({ port: 0, send: storageFrame(), given: false });
    }),
  );
  simulator.run({ untilNs: startNs + 400_000 + 4 * metres * NS_PER_METRE });
  return { came: simulator.link('in').stats('a-to-b').delivered, drops };
}

/** Bytes of headroom that are just enough. */
function leastOf(rate: number, metres: number): number {
  const jumboNs = ((LARGEST + 24) * 8e9) / rate;
  const starts = Array.from({ length: PHASES }, (_, i) => Math.round((i * jumboNs) / PHASES));
  const needs = starts.map((startNs) => {
    const { came, drops } = flood(rate, metres, 2 ** 24, startNs);
    if (drops > 0) throw new Error('frames are dropped with 16 MiB of headroom');
    return { startNs, bytes: came * FRAME - THRESHOLD };
  });
  const worst = needs.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const enough = flood(rate, metres, worst.bytes, worst.startNs).drops;
  const short = flood(rate, metres, worst.bytes - 1, worst.startNs).drops;
  if (enough !== 0 || short === 0)
    throw new Error(
      `${worst.bytes} bytes at ${rate} bit/s and ${metres} m: ${enough} drops, a byte less ${short}`,
    );
  return worst.bytes;
}

const rows = RATES.flatMap((rate) =>
  METRES.map((metres) => {
    const formulaBytes = headroomBytes({
      rateBitsPerSecond: rate,
      propagationNs: metres * NS_PER_METRE,
      largestBytes: LARGEST,
      largestNoDropBytes: FRAME,
    });
    const measuredBytes = leastOf(rate, metres);
    return { gbps: rate / 1e9, metres, measuredBytes, formulaBytes };
  }),
);
if (process.argv.includes('--json')) process.stdout.write(`${JSON.stringify(rows)}\n`);
else {
  process.stdout.write(
    ' Gb/s   metres   least headroom    formula   of the formula\n' +
      rows
        .map(({ formulaBytes, gbps, measuredBytes, metres }) =>
          [
            String(gbps).padStart(5),
            metres.toLocaleString('en').padStart(8),
            measuredBytes.toLocaleString('en').padStart(16),
            formulaBytes.toLocaleString('en').padStart(10),
            `${((100 * measuredBytes) / formulaBytes).toFixed(1)} %`.padStart(16),
          ].join(' '),
        )
        .join('\n') +
      '\n',
  );
}
