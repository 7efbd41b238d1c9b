/** The commands that read captures: `replay`, `decode`. */
import type { Command } from 'commander';
import { type End, withExamples } from './option.ts';

/** Adds them to the tree. */
export function addCaptures(program: Command, end: End): void {
  const replay = program
    .command('replay')
    .description('decode and re-encode captures, rebuild logins and exchanges, judge them')
    .argument('<capture...>', 'pcap or pcapng files')
    .option('--together', 'captures of one event: merged by time, judged as one')
    .option('-v, --all', 'every invariant with what was found, not what is violated alone')
    .option('--filter <expression>', 'judge only frames that pass a display filter')
    .option('--history <file>', 'judge with what serve --history wrote beside this tap')
    .option(
      '--pair',
      'the files are histories, of two servers with a leg each (serve --peer --history): judged as one',
    )
    .option('--events', 'refusals, logouts, bad statuses, gaps, each with its frames')
    .option('--json', 'one JSON document a line, one for each capture')
    .action(async (files, options) => {
      const { replayCommand } = await import('../replay.ts');
      end(await replayCommand(files, options));
    });
  withExamples(
    replay,
    ['sanmotion replay move.pcapng', 'the moves in a capture, and what is wrong with them'],
    ['sanmotion replay --together a.pcap b.pcap', 'one event, captured on two fabrics'],
    ["sanmotion replay --filter 'vlan.id == 1002' trunk.pcapng", 'one fabric of a trunk'],
    [
      'sanmotion replay --pair east.history west.history',
      'two servers with a leg each: split brain, lost writes',
    ],
    ['tcpdump -w - | sanmotion replay -', 'from standard input'],
  );
  const decode = program
    .command('decode')
    .description('print the frames of a capture, a line each')
    .argument('<capture>', 'pcap or pcapng file')
    .option('--details', 'the tree of every field')
    .option('--hex', 'the bytes of every field')
    .option('--frame <n>', 'this frame only')
    .option('--filter <expression>', "frames that pass a display filter, with Wireshark's names")
    .option('--exchanges', 'a line for each exchange instead of each frame')
    .option(
      '--csv',
      'comma-separated values, with a line of names: a row a frame, or a PDU of a stream',
    )
    .option('--json', 'one JSON object a line')
    .action(async (file, options) => {
      const { decodeCommand } = await import('../decode.ts');
      end(await decodeCommand(file, options));
    });
  withExamples(
    decode,
    ['sanmotion decode move.pcapng', 'a line for each frame'],
    ['sanmotion decode --frame 332 --details move.pcapng', 'every field of one frame'],
    ['sanmotion decode --exchanges --csv move.pcapng', 'a table of commands and their latencies'],
    [
      "sanmotion decode --filter 'fc.s_id == 01.00.05 && scsi' move.pcapng",
      'the commands of one port',
    ],
    ['sanmotion decode --json move.pcapng', 'one JSON object a line, for other programs'],
  );
}
