/** Filters over frames: what passes, and names and values that do not fit. */
import { describe, expect, it } from 'vitest';
import { decodeFrame, parseHex } from '../../../src/codecs/index.ts';
import { displayFilter, FilterError, type FilterSubject } from '../../../src/filter/index.ts';

// An RSCN over FCoE, with a good CRC: docs/codecs.md.
const RSCN = parseHex(`
  0efc00010e01 02fcf0000001 8906 00000000000000000000000000 2e
  22010e01 00fffffd 01290000 00000000 0012ffff 00000000
  61040008 00010e02 e88d3ee4 42000000`);

const frame = decodeFrame(RSCN);
const subject: FilterSubject = {
  frame,
  index: 7,
  timeNs: 1_500_000_000n,
  firstTimeNs: 0n,
  originalLength: RSCN.length,
  interfaceId: 0,
  interfaceName: 'eth0',
};
const passes = (filter: string) => displayFilter(filter)(subject);

describe('a frame passes', () => {
  it.each([
    '',
    'fc',
    'fcels',
    'fc.s_id',
    'fc.s_id == ff.ff.fd',
    'fc.s_id == 0xfffffd',
    'fc.id == 01.0e.01',
    'fc.type == 1',
    'fc.type == "ELS"',
    'fc.r_ctl == 0x22',
    'fcels.opcode == RSCN',
    'fcels.opcode == 0x61',
    'fcels.opcode in {PLOGI, RSCN}',
    'fcels.opcode != FLOGI',
    'eth.src == 02:fc:f0:00:00:01',
    'eth.addr[0:3] == 0e:fc:00',
    'eth.dst[0] == 0e',
    'eth.dst[1] == fc',
    'eth.dst[1-2] == fc:00',
    'eth.src contains fc:f0',
    'fc.fctl.exchange_first',
    'fc.fctl.exchange_first == 1',
    'fc.fctl.exchange_first == true',
    'fc.fctl.exchange_responder == false',
    'fc.f_ctl & 0x200000',
    'fc.ox_id in {1, 0x10..0x20}',
    'fc.ox_id >= 0x12 && fc.ox_id <= 0x12',
    'frame.number == 7',
    'frame.len > 60',
    'frame.time_relative > 1.4',
    'frame.interface_name == eth0',
    'frame.interface_name == "eth0"',
    'upper(frame.interface_name) == "ETH0"',
    'len(eth.src) == 6',
    'count(eth.addr) == 2',
    'fc.s_id != fc.d_id',
    'fc.d_id < fc.s_id',
    'sanmotion.summary matches "^rscn ff+d"',
    'sanmotion.crc == good',
    'sanmotion.exchange == "fffffd/0012"',
    '!fip',
    'fip || fc',
    'fip ^^ fc',
    'fc.relative_offset || fc.parameter == 0',
    'fc.ox_id not in {1..5}',
    'eth.addr !== 02:fc:f0:00:00:01',
  ])('%s', (filter) => {
    expect(passes(filter)).toBe(true);
  });
});

describe('a frame does not pass', () => {
  it.each([
    'fip',
    'fc.s_id == 01.00.05',
    'fc.ox_id != 0x12',
    'fip.opcode != 3',
    '!(fip.opcode != 3) && fip',
    'fcels.opcode == FLOGI',
    'fc.type == "FCP"',
    'fip.opcode == 1 || fip.opcode != 1',
    'eth.addr === 02:fc:f0:00:00:01',
    'eth.addr != 02:fc:f0:00:00:01',
    'eth.src contains 01:02:03',
    'fc ^^ fc',
    'frame.comment',
    'fc.relative_offset',
    '_ws.malformed',
    'eth.src[9] == 1',
    'fc.f_ctl & 0x800000',
  ])('%s', (filter) => {
    expect(passes(filter)).toBe(false);
  });
});

describe('a filter that does not fit says where and what', () => {
  it.each([
    ['fc.sid == 1', 'at character 1: no field is called fc.sid; did you mean fc.s_id?'],
    [
      'fc && fc.nonsense.at.all',
      'at character 7: no field is called fc.nonsense.at.all; docs/filter.md lists the names',
    ],
    ['fc == 1', 'at character 1: a protocol is there or not: it has no value to compare'],
    ['fc in {1}', 'at character 1: a protocol is there or not: it has no value'],
    [
      'fcels.opcode == FLOGIN',
      'at character 17: “FLOGIN” is no number, and no code is called so; did you mean FLOGI?',
    ],
    [
      'fcels.opcode > FLOGI',
      'at character 16: “FLOGI” is a name: it has no order, compare it with == or !=',
    ],
    ['fc.ox_id in {5..3}', 'at character 14: 5..3 ends before it begins'],
    [
      'fc.ox_id contains 1',
      'at character 1: contains looks into octets and texts; this is neither',
    ],
    [
      'fc.ox_id matches "1"',
      'at character 1: matches looks into octets and texts; this is neither',
    ],
    ['fc.ox_id[0] == 1', 'at character 1: fc.ox_id is no octets and no text: it has no parts'],
    ['eth.src[3-1] == 1', 'at character 1: a part ends before it begins'],
    ['len(fc.ox_id) == 1', 'at character 1: len is of octets or of a text'],
    ['lower(fc.ox_id) == 1', 'at character 1: lower is of a text'],
    ['frame.number == seven', 'at character 17: “seven” is no number'],
    ['fc.s_id == fc.did', 'at character 12: no field is called fc.did; did you mean fc.d_id?'],
  ])('%s', (filter, message) => {
    expect(() => displayFilter(filter)).toThrow(FilterError);
    expect(() => displayFilter(filter)).toThrow(message);
  });
});
