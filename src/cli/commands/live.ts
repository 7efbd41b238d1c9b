/** The commands of the live driver: `serve`, `control`. */
import type { Command } from 'commander';
import { WITNESS_LIES } from '../../array/pair/witness.ts';
import { choice, collect, type End, withExamples } from './option.ts';

/** What a running `serve` can be asked, in the order in which help names it. */
export const CONTROL_WORDS = [
  'hello',
  'logins',
  'stats',
  'zone',
  'mask',
  'access',
  'pair',
  'redirect',
  'snapshot',
  'cvl',
  'rscn',
  'port',
  'restart',
  'fault',
  'move',
] as const;

/** Adds them to the tree. */
export function addLive(program: Command, end: End): void {
  const serve = program
    .command('serve')
    .description('serve fabrics and an array to guests on sockets, until interrupted')
    .argument(
      '[scenario]',
      'scenario file (YAML), the name of a built-in one, or -; without, a fabric and 64 MiB for everybody',
    )
    .option(
      '--listen <address>',
      'unix:PATH, tcp:HOST:PORT or udp:LOCALPORT,REMOTEPORT for guests of QEMU, FABRIC=… names the fabric; nfs:HOST:PORT, units as files; nbd:HOST:PORT or nbd:unix:PATH, units and snapshots as exports; iscsi:HOST:PORT for initiators; lan:ADDRESS, the iSCSI target on the Ethernet of a fabric, for its guests; repeatable',
      collect,
      [],
    )
    .option(
      '--lun <size|file>',
      'a logical unit: 64M in memory, a file, or FILE:SIZE to make one; repeatable',
      collect,
      [],
    )
    .option(
      '--export <clients>',
      'who may mount over NFS: *, an IP address or a network, :ro behind it to read only; repeatable (default all)',
      collect,
      [],
    )
    .option(
      '--layouts',
      'clients of NFS version 4.1 may go to the disks behind the files by themselves (pNFS, SCSI layouts)',
    )
    .option(
      '--advertise <host:port>',
      'where iSCSI initiators are told to come, instead of where it listens; repeatable, one a portal',
      collect,
      [],
    )
    .option(
      '--chap <user:file>',
      'iSCSI initiators prove that they know the secret in the first line of the file; a second line is the target’s own',
    )
    .option('--vlan <id>', 'FCoE VLAN (default untagged)')
    .option(
      '--peer <fabric=address>',
      'a scenario with stretched units: another serve has this fabric, and the array there, at unix:PATH or tcp:HOST:PORT; repeatable',
      collect,
      [],
    )
    .option(
      '--witness <address>',
      'the sanmotion witness that says which of two arrays goes on, at unix:PATH or tcp:HOST:PORT; goes with --peer',
    )
    .option('--control <path>', 'answer control requests on this Unix socket')
    .option('--tap <file>', 'write every frame to this pcapng file')
    .option(
      '--history <file>',
      'write what switches and array tell, for replay --history and --pair',
    )
    .option(
      '--rest <address>',
      'the REST surface of Fabric OS on HOST:PORT, or PORT of the loopback interface',
    )
    .option('--nxapi <address>', 'NX-API, as Ansible zones with it, on HOST:PORT or PORT')
    .option('--metrics <address>', 'metrics for Prometheus on HOST:PORT or PORT, at /metrics')
    .option(
      '--web <address>',
      'the page, with logins, links, exchanges and the verdict so far, on HOST:PORT or PORT',
    )
    .option('--user <name>', 'who logs in to --rest and --nxapi (default admin)')
    .option('--password-file <file>', 'its first line is the password of --rest and --nxapi')
    .option('--json', 'say where guests may connect as one JSON object')
    .option('--log-json', 'the log as JSON lines, on a terminal too')
    .action(async (scenario, options) => {
      const { serveCommand } = await import('../serve.ts');
      end(await serveCommand(scenario, options));
    });
  withExamples(
    serve,
    [
      'sanmotion serve --listen unix:/tmp/san.sock --lun 64M',
      'a switch and a disk for a guest of QEMU',
    ],
    [
      'sanmotion serve --listen iscsi:127.0.0.1:3260 --lun 64M',
      'an iSCSI target with one disk, for everybody',
    ],
    [
      'sanmotion serve mine.yaml --control /tmp/san.ctl --tap out/tap.pcapng',
      'a scenario of yours, steered and recorded',
    ],
    [
      'sanmotion serve --listen unix:/tmp/san.sock --rest 8080 --password-file secret',
      'a switch that automation talks to',
    ],
    [
      'sanmotion serve --listen nfs:127.0.0.1:2049 --lun disk.img:64M',
      'a file that NFS clients mount',
    ],
    [
      'sanmotion serve --listen nbd:127.0.0.1:10809 --lun 64M --control /tmp/ctl',
      'units and snapshots for qemu-img, nbdinfo and nbdcopy',
    ],
    [
      'sanmotion serve two.yaml --listen E=unix:e --peer W=unix:w --witness unix:wit',
      'one of two arrays with a leg each; another serve has the other one',
    ],
  );
  const witness = program
    .command('witness')
    .description('say which of two serves with stretched units goes on when they lose each other')
    .argument('<file>', 'keeps what was said; it is made where there is none')
    .requiredOption('--listen <address>', 'unix:PATH or tcp:HOST:PORT')
    .addOption(choice('--lies <how>', 'lie, to see what that does to the two', WITNESS_LIES))
    .option('--json', 'say where it listens as one JSON object')
    .option('--log-json', 'the log as JSON lines, on a terminal too')
    .action(async (file, options) => {
      const { witnessCommand } = await import('../witness.ts');
      end(await witnessCommand(file, options));
    });
  withExamples(witness, [
    'sanmotion witness said.json --listen unix:/tmp/wit',
    'a witness for two serves on this machine',
  ]);
  const control = program
    .command('control')
    .description('ask a running serve: control PATH logins, or key=value pairs, or a JSON request')
    .argument('<path>', 'the control socket')
    .argument(
      '<request...>',
      `a command and key=value pairs, or one JSON object; commands: ${CONTROL_WORDS.join(', ')}`,
    )
    .option('--json', 'the answer on one line')
    .action(async (path, request, options) => {
      const { controlCommand } = await import('../control.ts');
      end(await controlCommand(path, request, options));
    });
  withExamples(
    control,
    ['sanmotion control /tmp/san.ctl logins', 'who is logged in'],
    ['sanmotion control /tmp/san.ctl cvl fabric=A', 'clears the virtual links of a fabric'],
  );
}
