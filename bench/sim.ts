/**
 * The simulator: frames a second and core with 100, 1,000 and 10,000 virtual machines, the time in
 * which 100,000 WWPNs log in, and the event queue beside heap-js and SimPy.
 *
 * Two worlds. `fabric` is all of Fibre Channel: N_Ports on ENodes, exchanges, the switch. `stack` has
 * the rest too: guests with their workload and multipath above, a SCSI array below. In both every
 * frame is bytes, each machine encodes or decodes all its headers, and both ends compute the CRC. A
 * frame counts once for each link. Figures are processor time, and worlds take turns, for the
 * machine is not ours alone.
 *
 * Run: `npm run bench:sim -- --help`
 */
import { parseArgs } from 'node:util';
import { measureAgainst, printAgainst } from './sim-against.ts';
import { printBeside } from './sim-beside.ts';
import { measureQueues, printQueues } from './sim-queue.ts';
import { measureWorlds, printWorlds } from './sim-worlds.ts';

const HELP = `npm run bench:sim -- [options]

  --frames N       frames of a run (1000000; 300000 with --against)
  --rounds N       turns of each contender; the medians are shown (3)
  --pending N      events pending in the event queue (1000000)
  --beside         only the fabric of 1,000 N_Ports and what stands beside it: the codecs alone,
                   and ns-3 where g++ and Debian's libns3-dev are
  --json           everything that was measured

npm run bench:sim -- --against REV [options]

  --against REV    fabric and stack of 1,000 VMs beside those of another commit, in turns
  --turns N        turns of each side (15)
  --payloads       with data as well, not headers only
  --frames N, --json as above
`;

function usage(what: string): never {
  console.error(`${what}\n\n${HELP}`);
  process.exit(2);
}

function options() {
  try {
    return parseArgs({
      options: {
        against: { type: 'string' },
        beside: { type: 'boolean', default: false },
        frames: { type: 'string' },
        help: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        payloads: { type: 'boolean', default: false },
        pending: { type: 'string' },
        rounds: { type: 'string' },
        turns: { type: 'string' },
      },
    }).values;
  } catch (error) {
    return usage((error as Error).message);
  }
}

const values = options();

function count(name: 'frames' | 'rounds' | 'pending' | 'turns', left: number): number {
  const text = values[name] ?? String(left);
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1) return number;
  return usage(`--${name} ${text}: a whole number from 1 on`);
}

const asJson = (report: unknown): void => console.log(JSON.stringify(report, undefined, 2));

async function against(revision: string): Promise<void> {
  for (const name of ['beside', 'rounds', 'pending'] as const)
    if (values[name]) usage(`--${name} does not go with --against`);
  const report = await measureAgainst({
    revision,
    turns: count('turns', 15),
    frames: count('frames', 300_000),
    payloads: values.payloads,
  });
  if (values.json) asJson(report);
  else printAgainst(report);
}

async function worlds(): Promise<void> {
  for (const name of ['payloads', 'turns'] as const)
    if (values[name]) usage(`--${name} goes with --against`);
  const frames = count('frames', 1_000_000);
  const rounds = count('rounds', 3);
  const pending = count('pending', 1_000_000);
  const report = await measureWorlds(frames, rounds, values.beside);
  const queues = values.beside ? [] : measureQueues(pending, rounds);
  if (values.json) {
    asJson({ frames, rounds, ...report, queues });
    return;
  }
  printWorlds(report);
  printBeside(report.beside, report.ns3Missing);
  if (queues.length > 0) printQueues(queues, pending);
}

if (values.help) console.log(HELP);
else {
  try {
    await (values.against === undefined ? worlds() : against(values.against));
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 1;
  }
}
