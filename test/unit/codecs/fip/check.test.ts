/**
 * What each FIP message must hold, and what things are called. Source: FC-BB-5 and FC-BB-6, FIP
 * operations and descriptors; Linux drivers/scsi/fcoe/fcoe_ctlr.c.
 */
import { describe, expect, it } from 'vitest';
import {
  checkFip,
  type FipDescriptorInput,
  type FipMessage,
  fipDescriptor,
  fipElsOf,
  fipEncapsulate,
  fipHeader,
  fipMessage,
  fipMessageName,
} from '../../../../src/codecs/index.ts';

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

describe('names', () => {
  // Types and names as FC-BB-5, FIP descriptors, lists them; 15 and 128 by FC-BB-6.
  it.each([
    ['priority', 'Priority'],
    ['mac', 'MAC Address'],
    ['fcMap', 'FC-MAP'],
    ['nameIdentifier', 'Name_Identifier'],
    ['fabric', 'Fabric'],
    ['maxFcoeSize', 'Max FCoE Size'],
    ['flogi', 'FLOGI'],
    ['fdisc', 'NPIV FDISC'],
    ['logo', 'LOGO'],
    ['elp', 'ELP'],
    ['vxPort', 'Vx_Port Identification'],
    ['fkaAdvPeriod', 'FKA_ADV_Period'],
    ['vendorId', 'Vendor_ID'],
    ['vlan', 'VLAN'],
    ['fc4Attributes', 'FC-4 Attributes'],
    ['cvlReason', 'Clear Virtual Links Reason'],
    ['vendor', 'vendor'],
  ] as const)('of a %s descriptor and its source', (kind, name) => {
    const codec = Object.values(fipDescriptor.members).find((one) => one.kind === kind);
    expect(codec?.name).toBe(`FIP ${name} descriptor`);
    expect(codec?.source).toMatch(/^FC-BB-[56], FIP descriptors$/);
  });

  it('of the message, its header and its list', () => {
    expect([fipMessage.name, fipHeader.name, fipDescriptor.name]).toEqual([
      'FIP',
      'FIP header',
      'FIP descriptor',
    ]);
    for (const { source } of [fipMessage, fipHeader, fipDescriptor])
      expect(source).toMatch(/^FC-BB-5, FIP (encapsulation|descriptors)$/);
  });

  it('say what was cut', () => {
    const bytes = fipDescriptor.encode(ONE.Fabric);
    expect(() => fipDescriptor.decode(bytes.subarray(0, 1))).toThrow('FIP descriptor: ');
    expect(() => fipMessage.decode(new Uint8Array(9))).toThrow('FIP: ');
  });
});
