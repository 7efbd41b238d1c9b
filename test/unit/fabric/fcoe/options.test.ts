/** Options of an FCF: what makes no sense is refused by name. */
import { describe, expect, it } from 'vitest';
import { type FcfOptions, resolveFcfOptions } from '../../../../src/fabric/fcoe/options.ts';
import { drawnBy } from '../../../helpers/random.ts';

const resolve = (options: Partial<FcfOptions>) =>
  resolveFcfOptions({
    name: 'fcf',
    fcfMac: '02:fc:f0:00:00:01',
    fabricName: 1n,
    switchName: 1n,
    domain: 1,
    ports: 4,
    random: drawnBy(() => 0),
    ...options,
  });

describe('options of an FCF', () => {
  it.each([
    ['fcMap', 0x0e_fc00, 0x0e_fcff],
    ['vlan', 0, 4094],
    ['vlanPriority', 0, 7],
    ['fipPriority', 0, 255],
    ['fkaAdvPeriodMs', 1, 0xffff_ffff],
    // The fabric's are checked too.
    ['domain', 1, 239],
  ] as const)('%s lies between %i and %i', (option, min, max) => {
    for (const value of [min, max]) expect(resolve({ [option]: value })[option]).toBe(value);
    for (const value of [min - 1, max + 1, min + 0.5])
      expect(() => resolve({ [option]: value })).toThrow(`FCF: ${option} must be ${min} to ${max}`);
  });

  it('names its own VLAN to those who ask, or those that it is told, if they are VLANs', () => {
    expect(resolve({ vlan: 1002 }).vlans).toEqual([1002]);
    expect(resolve({ vlan: 1002, vlans: [] }).vlans).toEqual([]);
    expect(() => resolve({ vlans: [4095] })).toThrow('FCF: vlans must be 0 to 4094');
    const many = new Array<number>(256).fill(1);
    expect(() => resolve({ vlans: many })).toThrow('FCF: number of vlans must be 0 to 255');
  });

  it('takes an FCF-MAC address that is one, in any spelling, and no group address', () => {
    expect(resolve({ fcfMac: '02:FC:F0:00:00:01' }).fcfMac).toBe('02:fc:f0:00:00:01');
    expect(() => resolve({ fcfMac: '03:fc:f0:00:00:01' })).toThrow(/unicast/);
    expect(() => resolve({ fcfMac: 'x' })).toThrow();
  });

  it('has a default for everything that may be left out', () => {
    expect(resolve({})).toMatchObject({
      fcMap: 0x0e_fc00,
      vlan: 0,
      vlanPriority: 3,
      fipPriority: 128,
      fkaAdvPeriodMs: 8000,
      dBit: false,
      accessLists: 'strict',
      duplicateWwpn: 0,
      npivLoginsMax: 255,
    });
  });
});
