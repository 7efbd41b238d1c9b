#!/usr/bin/env node
/** The `sanmotion` command. */
import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { fileFault } from '../capture/file-fault.ts';
import { boundHeap, tuneEngine } from './engine.ts';
import { Exit, tellError, UsageError } from './output.ts';

function version(): string {
  const file = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(file) as { version: string }).version;
}

/** Gathers an option that may be given several times. */
function collect(value: string, before: string[]): string[] {
  return [...before, value];
}

/** What the parser of the command line complains of, as one line like every other complaint. */
function oneLine(text: string): string {
  const words = text
    .replace(/^error: /, '')
    .replace(/\n\((Did you mean .*\?)\)/, '; $1')
    .trim();
  return `${words.replaceAll('\n', ' ')} (sanmotion --help lists the commands)`;
}

/** An option whose value is empty says nothing; in a list it would stand for a name. Errors: `UsageError`. */
function refuseEmpty(command: Command): void {
  for (const option of command.options) {
    const value: unknown = command.getOptionValue(option.attributeName());
    if ([value].flat().includes(''))
      throw new UsageError(
        `${option.long} '': an empty value; say one, or leave ${option.long} out`,
      );
  }
}

/** Commands that read captures: what is worth it for simulations takes them longer to compile than it saves. */
const READERS: ReadonlySet<string> = new Set(['replay', 'decode']);

function build(end: (status: number) => void): Command {
  const program = new Command('sanmotion')
    .description(
      'Moves a virtual machine between HBAs on an emulated FCoE fabric, byte for byte, and judges whether any I/O was lost',
    )
    .version(version())
    .exitOverride()
    .configureOutput({ outputError: (text) => tellError(oneLine(text)) })
    .hook('preAction', (_program, command) => {
      refuseEmpty(command);
      if (READERS.has(command.name())) boundHeap();
      else tuneEngine();
    });
  program
    .command('move')
    .description('run a move and show what happened; without a file, the built-in one')
    .argument('[scenario]', 'scenario file (YAML)')
    .option('--seed <n>', 'seed of everything random')
    .option('--profile <name>', 'move as a vendor does: powervm, hyper-v, vmware, libvirt, …')
    .option('--strategy <name>', 'wwpn-pair, same-wwpn, proxy, cold or handoff')
    .option(
      '--drain <name>',
      'what becomes of I/O under way: wait, abort, purge, logout-clears, link-pull or crash',
    )
    .option('--defences <names>', 'defences against late frames, with commas; or none')
    .option('--settings <names>', 'settings of fabrics and array, with commas')
    .option('--late <what>', 'hold frames back: data, commands, uplink, answers or no-logo')
    .option('--pcap <file>', 'where the capture goes (default out/move.pcapng)')
    .option('--report <file>', 'a report of the run as one HTML file')
    .option('-v, --all', 'every invariant with what was found, not what is violated alone')
    .option('--json', 'one JSON document')
    .option('--live', 'between two Linux guests of a running serve, instead of in the simulator')
    .option('--control <path>', 'live: control socket of the serve')
    .option('--from <path>', "live: command channel of the guest it leaves (QEMU's serial port)")
    .option('--to <path>', 'live: command channel of the guest it goes to')
    .option('--wwpn <name>', 'live: name of the virtual port; one for each port', collect, [])
    .option('--pair <name>', 'live: second name, for wwpn-pair', collect, [])
    .option('--under-load', 'live: the ports are deleted under the running writer')
    .action(async (scenario, options) => {
      const { checkPlace, liveMoveCommand } = await import('./live-move.ts');
      checkPlace(scenario, options);
      const { moveCommand } = await import('./move.ts');
      end(await (options.live ? liveMoveCommand(options) : moveCommand(scenario, options)));
    });
  program
    .command('zoo')
    .description("one move in every vendor's way, with every drain, defence and fabric setting")
    .argument('[scenario]', 'scenario file (YAML); without one, a short move made for this')
    .option('--seed <n>', 'seed of everything random (default 1)')
    .option('--profile <name>', 'this profile only')
    .option('--workers <n>', 'worker threads (default one per processor)')
    .option('--full', 'every combination: thousands, for hours')
    .option('--json', 'one JSON document')
    .action(async (scenario, options) => {
      const { zooCommand } = await import('./zoo.ts');
      end(await zooCommand(scenario, options));
    });
  program
    .command('campaign')
    .description('many runs of a move with faults, judged; without a file, the built-in move')
    .argument('[scenario]', 'scenario file (YAML)')
    .option('--seeds <a..b>', 'seeds of the runs (random 1..200, else 1)')
    .option('--workers <n>', 'worker threads (default one per processor)')
    .option('--faults <n>', 'random faults: at most so many in a run (default 2)')
    .option('--exhaustive', 'every frame of the move times every fault, a run each')
    .option('--pairs <n>', 'so many pairs of faults')
    .option('--profile <name>', 'vendor profile of the move')
    .option('--strategy <name>', 'how the move is done')
    .option('--drain <name>', 'what becomes of I/O under way at the stun')
    .option('--defences <names>', 'defences against late frames, with commas; or none')
    .option('--settings <names>', 'settings of fabrics and array, with commas')
    .option('--ios <n>', 'I/Os that a guest submits in each step of the move (default 4)')
    .option('--lifetime <ms>', 'longest life of a frame in the network (default R_A_TOV)')
    .option('--out <file>', 'where the results go (default out/campaign.jsonl)')
    .option('--resume', 'go on where an interrupted campaign stopped')
    .option('--no-shrink', 'leave violations as they were found')
    .option('--replay <run>', 'show runs again: a result file, or one run as JSON')
    .option('--json', 'one JSON document')
    .action(async (scenario, options) => {
      const { campaignCommand } = await import('./campaign.ts');
      end(await campaignCommand(scenario, options, version()));
    });
  program
    .command('quiesce')
    .description('how long a move must wait, by how long frames live in the fabric')
    .argument('[scenario]', 'scenario file (YAML); without one, the reuse of an S_ID')
    .option('--lifetimes <ms,ms>', 'lifetimes of frames in milliseconds, with commas')
    .option('--with <defences>', 'defences beside the wait, or none; repeatable', collect, [])
    .option('--profile <name>', 'vendor profile of the move')
    .option('--strategy <name>', 'how the move is done')
    .option('--drain <name>', 'what becomes of I/O under way at the stun')
    .option('--settings <names>', 'settings of fabrics and array, with commas')
    .option('--seed <n>', 'seed of the runs (default 1)')
    .option('--workers <n>', 'worker threads (default one per processor)')
    .option('--svg <file>', 'draw the curve')
    .option('--json', 'one JSON document')
    .action(async (scenario, options) => {
      const { quiesceCommand } = await import('./quiesce.ts');
      end(await quiesceCommand(scenario, options));
    });
  program
    .command('serve')
    .description('serve fabrics and an array to guests on sockets, until interrupted')
    .argument('[scenario]', 'scenario file (YAML); without one, a fabric and 64 MiB for everybody')
    .option(
      '--listen <address>',
      'unix:PATH, tcp:HOST:PORT or udp:LOCALPORT,REMOTEPORT; FABRIC=… names the fabric; repeatable',
      collect,
      [],
    )
    .option(
      '--lun <size|file>',
      'a logical unit: 64M in memory, a file, or FILE:SIZE to make one; repeatable',
      collect,
      [],
    )
    .option('--vlan <id>', 'FCoE VLAN (default untagged)')
    .option('--control <path>', 'answer control requests on this Unix socket')
    .option('--tap <file>', 'write every frame to this pcapng file')
    .option('--json', 'say where guests may connect as one JSON object')
    .option('--log-json', 'the log as JSON lines, on a terminal too')
    .action(async (scenario, options) => {
      const { serveCommand } = await import('./serve.ts');
      end(await serveCommand(scenario, options));
    });
  program
    .command('control')
    .description('ask a running serve: control PATH logins, or key=value pairs, or a JSON request')
    .argument('<path>', 'the control socket')
    .argument('<request...>', 'a command and key=value pairs, or one JSON object')
    .option('--json', 'the answer on one line')
    .action(async (path, request, options) => {
      const { controlCommand } = await import('./control.ts');
      end(await controlCommand(path, request, options));
    });
  program
    .command('replay')
    .description('decode and re-encode captures, rebuild logins and exchanges, judge them')
    .argument('<capture...>', 'pcap or pcapng files')
    .option('--together', 'captures of one event: merged by time, judged as one')
    .option('--events', 'refusals, logouts, bad statuses, gaps, each with its frames')
    .option('--json', 'one JSON document a line, one for each capture')
    .action(async (files, options) => {
      const { replayCommand } = await import('./replay.ts');
      end(await replayCommand(files, options));
    });
  program
    .command('decode')
    .description('print the frames of a capture, a line each')
    .argument('<capture>', 'pcap or pcapng file')
    .option('--details', 'the tree of every field')
    .option('--hex', 'the bytes of every field')
    .option('--frame <n>', 'this frame only')
    .option('--exchanges', 'a line for each exchange instead of each frame')
    .option('--json', 'one JSON object a line')
    .action(async (file, options) => {
      const { decodeCommand } = await import('./decode.ts');
      end(await decodeCommand(file, options));
    });
  program
    .command('explain')
    .description('what an invariant means, what it needs, what breaks it, and what to do about it')
    .argument('[invariant...]', 'such as I7; without one, a line for each')
    .option('--json', 'one JSON document')
    .action(async (names, options) => {
      const { explainCommand } = await import('./explain.ts');
      end(explainCommand(names, options));
    });
  return program;
}

/**
 * Errors that are the user's to mend: one line, no stack. By their names, for their classes would
 * bring the whole program with them: a command loads what it needs.
 */
const EXPECTED: ReadonlySet<string> = new Set([
  'UsageError',
  'ScenarioError',
  'CaptureError',
  'RunError',
  'ResultsError',
  'ListenError',
  'LunError',
]);

function isExpected(error: unknown): error is Error {
  return error instanceof Error && EXPECTED.has(error.name);
}

/** What else is wrong, a line each: a scenario may have several mistakes. */
const othersOf = (error: Error): readonly string[] =>
  'others' in error ? (error.others as readonly string[]) : [];

async function main(): Promise<void> {
  try {
    await build((status) => {
      process.exitCode = status;
    }).parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? Exit.clean : Exit.unusable;
    } else if (isExpected(error)) {
      for (const line of [error.message, ...othersOf(error)]) tellError(line);
      process.exitCode = Exit.unusable;
    } else throw error;
  }
}

// A reader that closes its pipe early (`| head`) is no error; a disk that is full is the user's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(Exit.clean);
  const { advice, what } = fileFault('/dev/stdout', error, 'write');
  tellError(`standard output cannot be written: ${what}; ${advice}`);
  process.exit(Exit.unusable);
});
// Whoever would be told of it reads no more; the status still says what came of the command.
process.stderr.on('error', () => {});
await main();
