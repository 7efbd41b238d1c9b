/** tshark as a contender. */
import { spawnSync } from 'node:child_process';

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

/** The four that tell which exchange a frame is of, and when: beside the verdict that `replay` gives. */
const FOUR_FIELDS = ['frame.time_epoch', 'fc.s_id', 'fc.d_id', 'fc.ox_id'];

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

/** tshark's part in the comparison with the commands. */
export const COMMAND_TSHARKS = {
  'tshark-four-fields': {
    what: 'tshark -T fields, 4 fields',
    options: fieldOptions(FOUR_FIELDS),
  },
  'tshark-lines': { what: 'tshark, a line a frame', options: [] },
  'tshark-json': { what: 'tshark -T json', options: ['-T', 'json'] },
} as const;

/** The command that prints so of a capture. */
export const tsharkCommand = (options: readonly string[], capture: string): string[] => [
  'tshark',
  '-n',
  '-r',
  capture,
  ...options,
];
