/** Options of a fabric's services: what makes no sense is refused by name. */
import { describe, expect, it } from 'vitest';
import {
  checkFabricOptions,
  FABRIC_DEFAULTS,
  type FabricOptions,
  within,
} from '../../../../src/fabric/fc/options.ts';

const check = (options: Partial<FabricOptions>) =>
  checkFabricOptions({
    ...FABRIC_DEFAULTS,
    name: 'f',
    fabricName: 1n,
    switchName: 1n,
    domain: 1,
    ports: 4,
    ...options,
  });
const fixed = (wwpn: bigint, nPortId: number) => ({ wwpn, nPortId });

describe('options of a fabric', () => {
  it.each([
    ['domain', 1, 239],
    ['ports', 1, 3839],
    ['vfId', 0, 0xffff],
    ['eDTovMs', 1, 0xffff_ffff],
    ['rATovMs', 1, 0xffff_ffff],
    ['npivLoginsMax', 0, 0xffff],
    ['duplicateWwpn', 0, 2],
    ['receiveDataBytes', 256, 2112],
  ] as const)('%s lies between %i and %i', (option, min, max) => {
    for (const value of [min, max]) expect(() => check({ [option]: value })).not.toThrow();
    const message = `FCF: ${option} must be ${min} to ${max}`;
    for (const value of [min - 1, max + 1, min + 0.5, Number.NaN])
      expect(() => check({ [option]: value })).toThrow(message);
  });

  it.each([
    ['of another domain', [fixed(1n, 0x02_0001)]],
    ['of no port', [fixed(1n, 0x01_0000)]],
    ['twice for one WWPN', [fixed(1n, 0x01_0001), fixed(1n, 0x01_0002)]],
    ['one for two WWPNs', [fixed(1n, 0x01_0001), fixed(2n, 0x01_0001)]],
  ])('N_Port_IDs set aside: refused %s', (_, staticFcIds) => {
    expect(() => check({ staticFcIds })).toThrow(/staticFcIds/);
  });

  it('N_Port_IDs set aside: the first and the last of the domain', () => {
    const staticFcIds = [fixed(1n, 0x01_0001), fixed(2n, 0x01_ffff)];
    expect(() => check({ staticFcIds })).not.toThrow();
  });

  it('routes lead out of ports that there are', () => {
    const route = (port: number) => ({ routes: [{ domainId: 2, port, neighbour: 'x' }] });
    expect(() => check(route(3))).not.toThrow();
    expect(() => check(route(4))).toThrow(/port of a route must be 0 to 3, not 4/);
  });

  it('zoning is checked too', () => {
    const zones = Array.from({ length: 65_537 }, () => ({ name: 'z', members: [] }));
    const zoning = { enforced: 'soft', defaultZone: 'deny', zones } as const;
    expect(() => check({ zoning })).toThrow(RangeError);
  });

  it('say what was found', () => {
    expect(() => within('x', 7, 1, 5)).toThrow('FCF: x must be 1 to 5, not 7');
  });
});
