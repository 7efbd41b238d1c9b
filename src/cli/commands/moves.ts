/** The commands that run moves: `move`, `zoo`, `campaign`, `quiesce`. */
import type { Command } from 'commander';
import { DRAINS } from '../../host/control.ts';
import {
  DEFENCES,
  LAN_ORDERS,
  SESSION_DEFENCES,
  SESSION_STRATEGIES,
  STRATEGIES,
} from '../../mobility/plan.ts';
import { PROFILE_NAMES, SETTING_NAMES } from '../../mobility/profiles.ts';
import { LATE_SCHEDULES } from '../../run/late-schedules.ts';
import { POLICIES } from '../../run/policies.ts';
import { LAN_ANNOUNCEMENTS, LAN_KINDS } from '../../scenario/lan-words.ts';
import { NFS_VERSIONS, PROTOCOLS } from '../../scenario/protocols.ts';
import { choice, collect, type End, withExamples } from './option.ts';

const SCENARIO = 'scenario file (YAML), the name of a built-in one, or - for standard input';
const profile = (words: string) => choice('--profile <name>', words, PROFILE_NAMES);
const protocol = () =>
  choice(
    '--protocol <name>',
    'what carries the storage: FCoE, native Fibre Channel, iSCSI, or files over NFS',
    PROTOCOLS,
  );
const nfsVersion = () =>
  choice('--nfs-version <number>', 'version of NFS, with --protocol nfs', NFS_VERSIONS.map(String));
const strategy = () =>
  choice('--strategy <name>', 'how the move is done', [...STRATEGIES, ...SESSION_STRATEGIES]);
const drain = () =>
  choice('--drain <name>', 'what becomes of I/O under way when the guest stands still', DRAINS);
const defences = () =>
  choice('--defences <names>', 'defences against late frames, with commas', [
    'none',
    ...DEFENCES,
    ...SESSION_DEFENCES,
  ]);
const settings = () =>
  choice('--settings <names>', 'settings of fabrics and array, with commas', SETTING_NAMES);

const LAN = "what the guest's frames follow it over on a LAN beside the fabrics";

/** Adds them to the tree. */
export function addMoves(program: Command, version: string, end: End): void {
  addMove(program, end);
  addZoo(program, end);
  addCampaign(program, version, end);
  addQuiesce(program, end);
  addTrace(program, end);
  addGravity(program, end);
}

function addMove(program: Command, end: End): void {
  const move = program
    .command('move')
    .description('run a move and show what happened; without a file, the built-in one')
    .argument('[scenario]', SCENARIO)
    .option('--seed <n>', 'seed of everything random')
    .addOption(protocol())
    .addOption(nfsVersion())
    .addOption(profile('move as a vendor does'))
    .addOption(strategy())
    .addOption(drain())
    .addOption(defences())
    .addOption(settings())
    .addOption(choice('--lan <kind>', LAN, LAN_KINDS))
    .addOption(choice('--order <name>', 'when the LAN goes', LAN_ORDERS))
    .addOption(
      choice(
        '--announcement <name>',
        'what is said there for the guest that has moved',
        LAN_ANNOUNCEMENTS,
      ),
    )
    .addOption(choice('--late <what>', 'hold frames back', LATE_SCHEDULES))
    .option(
      '--pcap <file>',
      'write the capture here (by itself only that of an unsafe move is written, to out/move.pcapng)',
    )
    .option('--report <file>', 'the page with the run inside, as one HTML file')
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
      const { checkPlace, liveMoveCommand } = await import('../live-move.ts');
      checkPlace(scenario, options);
      const { moveCommand } = await import('../move.ts');
      end(await (options.live ? liveMoveCommand(options) : moveCommand(scenario, options)));
    });
  withExamples(
    move,
    ['sanmotion move', 'the built-in move, judged'],
    ['sanmotion move --profile powervm --late data', 'a ghost write, and what would be safe'],
    [
      'sanmotion move mine.yaml --report out/move.html',
      'a scenario of yours, and a page of its run',
    ],
  );
}

function addZoo(program: Command, end: End): void {
  const zoo = program
    .command('zoo')
    .description(
      "one move in every vendor's way, with every drain, defence and fabric setting; status 1 unless all are carried out and safe",
    )
    .argument('[scenario]', `${SCENARIO}; without one, a short move made for this`)
    .option('--seed <n>', 'seed of everything random (default 1)')
    .addOption(profile('this profile only'))
    .option('--workers <n>', 'worker threads (default one per processor)')
    .option('--full', 'every combination: thousands, for hours')
    .option(
      '--protocols',
      'the same late write over each protocol, with each defence that there is',
    )
    .option('--lan', 'each way in which a LAN follows the guest, by itself and with the storage')
    .option(
      '--captures <folder>',
      'where --protocols writes the smallest capture of what breaks (default out/zoo)',
    )
    .option('--json', 'one JSON document')
    .action(async (scenario, options) => {
      const { zooCommand } = await import('../zoo.ts');
      end(await zooCommand(scenario, options));
    });
  withExamples(
    zoo,
    ['sanmotion zoo --profile vmware', 'the ways of one vendor'],
    ['sanmotion zoo --protocols', 'FCoE, Fibre Channel, iSCSI and NFS beside each other'],
    ['sanmotion zoo --lan', 'announcements, VXLAN, EVPN and VDP: what is lost, and for how long'],
  );
}

function addCampaign(program: Command, version: string, end: End): void {
  const campaign = program
    .command('campaign')
    .description('many runs of a move with faults, judged; without a file, the built-in move')
    .argument('[scenario]', SCENARIO)
    .option('--seeds <a..b>', 'seeds of the runs (random 1..200, else 1)')
    .option('--workers <n>', 'worker threads (default one per processor)')
    .option('--queue <url>', 'hand the runs to the workers behind this Redis: redis://HOST:PORT')
    .option('--faults <n>', 'random faults: at most so many in a run (default 2)')
    .option('--exhaustive', 'every frame of the move times every fault, a run each')
    .option('--pairs <n>', 'so many pairs of faults')
    .addOption(protocol())
    .addOption(nfsVersion())
    .addOption(profile('vendor profile of the move'))
    .addOption(strategy())
    .addOption(drain())
    .addOption(defences())
    .addOption(settings())
    .option('--ios <n>', 'I/Os that a guest submits in each step of the move (default 4)')
    .option(
      '--lifetime <ms>',
      'longest life of a frame in the network, or links: by the pause and hold times of the scenario (default R_A_TOV)',
    )
    .option('--out <file>', 'where the results go (default out/campaign.jsonl)')
    .option('--resume', 'go on where an interrupted campaign stopped')
    .option(
      '--budget <time>',
      'end after so long, such as 90s, 30m or 2h; without --seeds, of as many as there is time for',
    )
    .option('--shard <i/n>', 'this share of the runs only; campaign merge puts all together')
    .option('--no-shrink', 'leave violations as they were found')
    .option('--replay <run>', 'show runs again: a result file, or one run as JSON')
    .option('--json', 'one JSON document')
    .action(async (scenario, options) => {
      const { campaignCommand } = await import('../campaign.ts');
      end(await campaignCommand(scenario, options, version));
    });
  withExamples(
    campaign,
    ['sanmotion campaign', 'the built-in move, random faults, seeds 1 to 200'],
    ['sanmotion campaign --exhaustive', 'every frame of the move times every fault'],
    ['sanmotion campaign --resume', 'goes on where the last one was interrupted'],
    ['sanmotion campaign --budget 30m', 'as many seeds as half an hour has room for'],
    ['sanmotion campaign --shard 2/4', 'the second of four shares, on one of four machines'],
  );
  addWorker(campaign, version, end);
  addMerge(campaign, end);
  addKeep(campaign, version, end);
}

/** `campaign merge`. */
function addMerge(campaign: Command, end: End): void {
  const merge = campaign
    .command('merge')
    .description('put the results of all shares of a campaign together')
    .argument('<results...>', 'result files, one of each share')
    .option('--out <file>', 'where the whole goes (default out/campaign.jsonl)')
    .option('--no-shrink', 'leave violations as they were found')
    .option('--json', 'one JSON document')
    .action(async (files, _options, command: Command) => {
      const { campaignMergeCommand } = await import('../campaign-merge.ts');
      end(await campaignMergeCommand(files, command.optsWithGlobals()));
    });
  withExamples(merge, [
    'sanmotion campaign merge out/campaign-1-of-2.jsonl out/campaign-2-of-2.jsonl',
    'the bytes that one machine would have written, and what they come to',
  ]);
}

/** `campaign keep`. */
function addKeep(campaign: Command, version: string, end: End): void {
  const keep = campaign
    .command('keep')
    .description('keep failing runs; without a file, make those that are kept again')
    .argument('[results...]', 'result files of campaigns')
    .option('--store <file>', 'where they are kept (default out/seeds.jsonl)')
    .option('--commit <name>', 'the code that they failed with (default what git says here)')
    .option('--json', 'one JSON document')
    .action(async (files, _options, command: Command) => {
      const { campaignKeepCommand } = await import('../campaign-keep.ts');
      end(await campaignKeepCommand(files, command.optsWithGlobals(), version));
    });
  withExamples(
    keep,
    ['sanmotion campaign keep out/campaign.jsonl', 'takes the failing runs in'],
    ['sanmotion campaign keep', 'makes them again; those that are mended are dropped'],
  );
}

/** `campaign worker`. Its parent has options of the same names, and takes them wherever they stand. */
function addWorker(campaign: Command, version: string, end: End): void {
  const worker = campaign
    .command('worker')
    .description('make runs for campaigns behind a queue, until interrupted')
    .option('--queue <url>', 'the Redis of the campaigns: redis://HOST:PORT')
    .option('--workers <n>', 'worker threads (default one per processor)')
    .action(async (_options, command: Command) => {
      const { campaignWorkerCommand } = await import('../campaign-worker.ts');
      end(await campaignWorkerCommand(command.optsWithGlobals(), version));
    });
  withExamples(worker, [
    'sanmotion campaign worker --queue redis://127.0.0.1:6379',
    'makes runs for every campaign that has this queue',
  ]);
}

function addGravity(program: Command, end: End): void {
  const gravity = program
    .command('gravity')
    .description(
      'what the data of a guest that has moved away cost, by policy and distance: formula and run side by side; status 1 where they differ by more than 10 %',
    )
    .argument('[scenario]', SCENARIO)
    .option(
      '--rtt <ms,ms>',
      'round trips between the sites in milliseconds, 0.1 to 1000, 16 at most, equal ones once (default 1,5,10,50)',
    )
    .option(
      '--dirty <MB/s,MB/s>',
      'what the guest writes while its disk is copied, 0 to 100000, 16 at most, equal ones once (default 0,50,200)',
    )
    .addOption(choice('--policies <names>', 'these policies only, with commas', POLICIES))
    .addOption(protocol())
    .option(
      '--routed <us,mtu>',
      'over IP: routers between the sites, with so many microseconds a hop, and the largest IP packet (default 1500)',
    )
    .option('--seed <n>', 'seed of everything random')
    .option('--svg <file>', 'draw writes by distance')
    .option('--json', 'one JSON document')
    .action(async (scenario, options) => {
      const { gravityCommand } = await import('../gravity.ts');
      end(gravityCommand(scenario, options));
    });
  withExamples(
    gravity,
    ['sanmotion gravity --rtt 1,10 --policies leave,distributed', 'two policies at two distances'],
    ['sanmotion gravity --protocol nfs --svg out/gravity.svg', 'over NFS, with a drawing'],
  );
}

function addTrace(program: Command, end: End): void {
  const trace = program
    .command('trace')
    .description(
      'the chain of a block: volume, path, LUN, unit, extent, pool, at moments of a move; status 1 where it ends at other data',
    )
    .argument('<block>', 'LBA, DISK:LBA or VM/DISK:LBA; a disk is a volume or a logical unit')
    .argument('[scenario]', SCENARIO)
    .option(
      '--at <moment>',
      'a step of the move, end, or milliseconds since the guests run; repeatable (default preflight and end)',
      collect,
      [],
    )
    .addOption(protocol())
    .addOption(profile('vendor profile of the move'))
    .addOption(strategy())
    .addOption(drain())
    .addOption(defences())
    .addOption(settings())
    .option('--seed <n>', 'seed of everything random')
    .option('--json', 'one JSON document')
    .action(async (block, scenario, options) => {
      const { traceCommand } = await import('../trace.ts');
      end(traceCommand(block, scenario, options));
    });
  withExamples(
    trace,
    ['sanmotion trace fast:40 volumes', 'a block of a striped volume, before and after the move'],
    [
      'sanmotion trace fast:40 volumes-by-lun',
      'the same where the new host has the stripes in another order',
    ],
  );
}

function addQuiesce(program: Command, end: End): void {
  const quiesce = program
    .command('quiesce')
    .description('how long a move must wait, by how long frames live in the fabric')
    .argument('[scenario]', `${SCENARIO}; without one, the reuse of an S_ID`)
    .option('--lifetimes <ms,ms>', 'lifetimes of frames in milliseconds, with commas')
    .option('--with <defences>', 'defences beside the wait, or none; repeatable', collect, [])
    .addOption(protocol())
    .addOption(nfsVersion())
    .addOption(profile('vendor profile of the move'))
    .addOption(strategy())
    .addOption(drain())
    .addOption(settings())
    .option('--seed <n>', 'seed of the runs (default 1)')
    .option('--workers <n>', 'worker threads (default one per processor)')
    .option('--svg <file>', 'draw the curve')
    .option('--json', 'one JSON document')
    .action(async (scenario, options) => {
      const { quiesceCommand } = await import('../quiesce.ts');
      end(await quiesceCommand(scenario, options));
    });
  withExamples(
    quiesce,
    [
      'sanmotion quiesce --lifetimes 100,1000 --with none',
      'the wait alone, for frames that live 100 ms and 1 s',
    ],
    ['sanmotion quiesce --svg out/quiesce.svg', 'the curve as a drawing'],
  );
}
