/** tshark as a contender: what it takes for a capture, its start left out. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What one turn took, for each frame. */
export interface Sample {
  readonly cpuNs: number;
  readonly wallNs: number;
  readonly rssBytes: number | undefined;
}

/** What a person or a monitor asks of such a capture: addresses, exchange, command, CRC. */
const USUAL_FIELDS = [
  ...['frame.time_epoch', 'eth.dst', 'eth.src', 'vlan.id', 'fcoe.sof', 'fcoe.crc.status'],
  ...['fcoe.eof', 'fc.r_ctl', 'fc.d_id', 'fc.s_id', 'fc.type', 'fc.f_ctl', 'fc.seq_id'],
  ...['fc.seq_cnt', 'fc.ox_id', 'fc.rx_id', 'fc.parameter', 'fcp.lun', 'fcp.dl'],
  ...['scsi_sbc.opcode', 'scsi_sbc.rdwr10.lba', 'scsi_sbc.rdwr16.lba', 'fcp.status', 'fip.opcode'],
];
const fieldOptions = (fields: readonly string[]) => [
  '-T',
  'fields',
  ...fields.flatMap((field) => ['-e', field]),
];

/** Every one dissects the whole frame; what differs is what it prints. */
export const TSHARKS = [
  {
    name: 'tshark-fields',
    what: `tshark -T fields, ${USUAL_FIELDS.length} usual fields`,
    options: fieldOptions(USUAL_FIELDS),
  },
  {
    name: 'tshark-two-fields',
    what: 'tshark -T fields, D_ID and S_ID only',
    options: fieldOptions(['fc.d_id', 'fc.s_id']),
  },
  { name: 'tshark-phs', what: 'tshark -q -z io,phs', options: ['-q', '-z', 'io,phs'] },
] as const;

/** The first line of `tshark --version`; `undefined` where there is none. */
export function tsharkVersion(): string | undefined {
  const done = spawnSync('tshark', ['--version'], { encoding: 'utf8' });
  return done.status === 0 ? done.stdout.split('\n')[0] : undefined;
}

/** The most memory that a process has held so far; only Linux tells. */
function peakRssBytes(pid: number): number | undefined {
  try {
    const kib = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}

/** The tshark that a shell has started. */
function childOf({ pid }: ChildProcess): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')[0]);
  } catch {
    return Number.NaN;
  }
}

/** `0m3.202s` in nanoseconds. */
const nsOfTimes = (text: string): number => {
  const [, minutes, seconds] = /(\d+)m([\d.]+)s/.exec(text)!;
  return (Number(minutes) * 60 + Number(seconds)) * 1e9;
};

/** A run over a whole file: all it took, its start included. */
async function runWhole(options: readonly string[], capture: string): Promise<Sample> {
  // The shell's `times` is how a process learns what its child took.
  const script = 'tshark -n -r "$@" >/dev/null 2>&1 || exit; times';
  const start = process.hrtime.bigint();
  const shell = spawn('sh', ['-c', script, 'sh', capture, ...options]);
  let rssBytes: number | undefined;
  const watch = setInterval(() => {
    rssBytes = peakRssBytes(childOf(shell)) ?? rssBytes;
  }, 20);
  let printed = '';
  shell.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  const status = await new Promise((done) => shell.on('close', done));
  clearInterval(watch);
  if (status !== 0) throw new Error(`tshark ended with status ${status}`);
  const wallNs = Number(process.hrtime.bigint() - start);
  const [user, system] = printed.trim().split('\n').at(-1)!.split(' ');
  return { cpuNs: nsOfTimes(user!) + nsOfTimes(system!), wallNs, rssBytes };
}

/** What tshark takes for each frame: all of a run, less a run over a capture without frames. */
export async function runTshark(
  options: readonly string[],
  capture: string,
  empty: string,
  frames: number,
): Promise<Sample> {
  const start = await runWhole(options, empty);
  const whole = await runWhole(options, capture);
  return {
    cpuNs: (whole.cpuNs - start.cpuNs) / frames,
    wallNs: (whole.wallNs - start.wallNs) / frames,
    rssBytes: whole.rssBytes,
  };
}
