/**
 * What each FIP message must hold, and what things are called. Source: FC-BB-5 and FC-BB-6, FIP
 * operations and descriptors; Linux drivers/scsi/fcoe/fcoe_ctlr.c.
 */
import { describe, expect, it } from 'vitest';
import { checkFip } from '../../../../src/codecs/fip/check.ts';
import type { FipDescriptorInput } from '../../../../src/codecs/fip/descriptor.ts';
import {
  type FipMessage,
  fipDescriptorsOf,
  fipElsOf,
  fipEncapsulate,
  fipMessage,
  fipMessageName,
} from '../../../../src/codecs/fip/message.ts';
import { parseHex } from '../../../../src/codecs/layout/text.ts';

const MAC = '02:00:00:00:00:01';
const header = { rCtl: 0x22, dId: 0xff_fffe, sId: 0, type: 1, fCtl: 0x29_0000, oxId: 1 };

/** One descriptor of each type that a message must hold, by what complaints call it. */
const ONE = {
  Priority: { kind: 'priority', priority: 1 },
  'MAC address': { kind: 'mac', mac: MAC },
  Name_Identifier: { kind: 'nameIdentifier', name: 1n },
  Fabric: { kind: 'fabric', fcMap: 0x0e_fc00, fabricName: 1n },
  'Max FCoE Size': { kind: 'maxFcoeSize', maxFcoeSizeBytes: 2158 },
  FLOGI: fipEncapsulate('flogi', header, new Uint8Array(116)),
  'Vx_Port Identification': { kind: 'vxPort', mac: MAC, nPortId: 1, portName: 1n },
  FKA_ADV_Period: { kind: 'fkaAdvPeriod', fkaAdvPeriodMs: 8000 },
  VLAN: { kind: 'vlan', vid: 100 },
  'FC-4 Attributes': {
    kind: 'fc4Attributes',
    fc4Types: new Uint8Array(32),
    fc4Features: new Uint8Array(128),
  },
} as const satisfies Readonly<Record<string, FipDescriptorInput>>;
type Type = keyof typeof ONE;

function message(operation: number, subcode: number, some: readonly FipDescriptorInput[]) {
  const input = { operation, subcode, flags: 0x8000, descriptors: [...some] };
  return fipMessage.decode(fipMessage.encode(input));
}

const IDENTITY: Type[] = ['MAC address', 'Name_Identifier', 'Vx_Port Identification'];
const CLAIM: Type[] = [...IDENTITY, 'FC-4 Attributes', 'Max FCoE Size'];

const MESSAGES: readonly [name: string, operation: number, subcode: number, holds: Type[]][] = [
  ['Discovery Solicitation', 1, 1, ['MAC address', 'Name_Identifier', 'Max FCoE Size']],
  [
    'Discovery Advertisement',
    1,
    2,
    ['Priority', 'MAC address', 'Name_Identifier', 'Fabric', 'FKA_ADV_Period'],
  ],
  ['FLOGI Request', 2, 1, ['FLOGI', 'MAC address']],
  ['FLOGI Reply', 2, 2, ['FLOGI']],
  ['FIP Keep Alive', 3, 1, ['MAC address']],
  ['FIP Clear Virtual Links', 3, 2, ['MAC address', 'Name_Identifier']],
  ['FIP VLAN Request', 4, 1, ['MAC address']],
  ['FIP VLAN Notification', 4, 2, ['MAC address', 'VLAN']],
  ['FIP VLAN VN2VN Notification', 4, 3, ['MAC address', 'VLAN']],
  ['VN2VN Probe Request', 5, 1, IDENTITY],
  ['VN2VN Probe Reply', 5, 2, IDENTITY],
  ['VN2VN Claim Notification', 5, 3, CLAIM],
  ['VN2VN Claim Response', 5, 4, CLAIM],
  ['VN2VN Beacon', 5, 5, IDENTITY],
];

/** How complaints call a choice: a login may be any of four. */
const called = (type: Type): string =>
  type === 'FLOGI' ? 'FLOGI or NPIV FDISC or LOGO or ELP' : type;

const descriptors = (types: readonly Type[]): FipDescriptorInput[] => types.map((one) => ONE[one]);

describe.each(MESSAGES)('%s', (name, operation, subcode, holds) => {
  it('has its name and its descriptors', () => {
    const value = message(operation, subcode, descriptors(holds));
    expect(fipMessageName(value)).toBe(name);
    expect(checkFip(value)).toBeUndefined();
  });

  it.each(holds)('misses its %s', (type) => {
    const value = message(operation, subcode, descriptors(holds.filter((one) => one !== type)));
    const bare = name.replace('FLOGI', 'Virtual Link Instantiation');
    const complaint = `${type === 'FLOGI' ? bare : name} without ${called(type)} descriptor`;
    expect(checkFip(value)).toBe(complaint);
    const mayBeLeftOut = operation === 3 && subcode === 2;
    expect(checkFip(value, { lenient: true })).toBe(mayBeLeftOut ? undefined : complaint);
  });

  it.each(holds)('may hold one %s alone, unless several make sense', (type) => {
    const value = message(operation, subcode, descriptors([...holds, type]));
    const repeats = type === 'VLAN' && operation === 4;
    expect(checkFip(value)).toBe(repeats ? undefined : `two ${type} descriptors`);
  });
});

describe('a message', () => {
  const reason: FipDescriptorInput = { kind: 'cvlReason', data: new Uint8Array(6) };

  it('may repeat descriptors from type 128 on', () => {
    expect(checkFip(message(3, 1, [ONE['MAC address'], reason, reason]))).toBeUndefined();
  });

  it('of an unknown operation may repeat what it likes, and has no other name', () => {
    const value = message(9, 3, [ONE['MAC address'], ONE['MAC address']]);
    expect(checkFip(value)).toBeUndefined();
    expect(fipMessageName(value)).toBe('operation 9 subcode 3');
    expect(fipMessageName(message(1, 3, []))).toBe('operation 1 subcode 3');
  });

  it('is not named for a login that it has no business to hold', () => {
    expect(fipMessageName(message(3, 1, [ONE.FLOGI]))).toBe('FIP Keep Alive');
  });

  it.each([
    ['flogi', 'FLOGI Request'],
    ['fdisc', 'FDISC Request'],
    ['logo', 'LOGO Request'],
    ['elp', 'ELP Request'],
  ] as const)('finds its %s behind other descriptors', (kind, name) => {
    const payload = new Uint8Array(16).fill(7);
    const value = message(2, 1, [ONE['MAC address'], fipEncapsulate(kind, header, payload)]);
    expect(fipElsOf(value)).toMatchObject({ kind, payload });
    expect(fipMessageName(value)).toBe(name);
    expect(checkFip(value)).toBeUndefined();
  });

  it('has no login where there is none', () => {
    const value: FipMessage = message(2, 1, [ONE['MAC address']]);
    expect(fipElsOf(value)).toBeUndefined();
    expect(fipMessageName(value)).toBe('Virtual Link Instantiation Request');
  });
});

describe('checkFip', () => {
  const name: FipDescriptorInput = { kind: 'nameIdentifier', name: 1n };
  const port = (nPortId: number): FipDescriptorInput => ({
    kind: 'vxPort',
    mac: MAC,
    nPortId,
    portName: 1n,
  });
  const unknown = (type: number): FipDescriptorInput => ({
    kind: 'unknown',
    raw: Uint8Array.of(type, 1, 0, 0),
  });

  it('lets a Clear Virtual Links name no, one or several VN_Ports', () => {
    for (const ports of [[], [1], [1, 2, 3]]) {
      const value = message(3, 2, [ONE['MAC address'], name, ...ports.map(port)]);
      expect(checkFip(value)).toBeUndefined();
      expect(fipDescriptorsOf(value, 'vxPort')).toHaveLength(ports.length);
    }
  });

  it('lets an FCF leave MAC and name out of it only when asked to be lenient', () => {
    const value = message(3, 2, [port(1)]);
    expect(checkFip(value)).toBe('FIP Clear Virtual Links without MAC address descriptor');
    expect(checkFip(value, { lenient: true })).toBeUndefined();
  });

  it('is voided by an unknown descriptor below 128, not by one from 128 on', () => {
    expect(checkFip(message(3, 1, [ONE['MAC address'], unknown(100)]))).toBe(
      'unknown critical descriptor 100',
    );
    expect(checkFip(message(3, 1, [ONE['MAC address'], unknown(0)]))).toBe(
      'unknown critical descriptor 0',
    );
    expect(checkFip(message(3, 1, [ONE['MAC address'], unknown(129)]))).toBeUndefined();
  });

  it('is voided by a duplicate critical descriptor', () => {
    expect(checkFip(message(3, 1, [ONE['MAC address'], ONE['MAC address']]))).toBe(
      'two MAC address descriptors',
    );
  });

  it('misses what the message must hold', () => {
    expect(checkFip(message(2, 1, [ONE['MAC address']]))).toContain(
      'FLOGI or NPIV FDISC or LOGO or ELP',
    );
    expect(checkFip(message(4, 2, [ONE['MAC address']]))).toContain('VLAN descriptor');
    expect(checkFip(message(1, 1, [ONE['MAC address'], name]))).toContain(
      'Max FCoE Size descriptor',
    );
  });

  it('is not asked about operations it does not know, but about their version', () => {
    expect(checkFip(message(0xfff8, 1, []))).toBeUndefined();
    // The version is the upper half of the first byte.
    const old = fipMessage.decode(parseHex('2000 0001 0002 0000 8007'));
    expect(checkFip(old)).toBe('version 2 is not 1');
  });
});
