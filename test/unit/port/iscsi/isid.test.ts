/** ISIDs as those that were seen: open-iscsi 2.1.8's first session, libiscsi's in two recordings. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { streams } from '../../../../src/machine/random.ts';
import { countedIsids, givenIsid, randomIsids } from '../../../../src/port/iscsi/isid.ts';
import { parseTargetAddress } from '../../../../src/port/iscsi/target-address.ts';

const RECORDED = '../shared/captures/iscsi/qemu-reconnect-random-isid-tgt.pcap';
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('an ISID', () => {
  it('of open-iscsi counts the sessions of its host, and stays', () => {
    expect(hex(countedIsids.isidOf(1, undefined))).toBe('00023d000001');
    // The 257th is another than the first.
    expect(hex(countedIsids.isidOf(257, undefined))).toBe('00023d000101');
    const had = Uint8Array.of(1, 2, 3, 4, 5, 6);
    expect(countedIsids.isidOf(9, had)).toBe(had);
  });

  it('of libiscsi is a random one at each login', () => {
    const isids = randomIsids(streams(3).stream('isid'));
    const first = isids.isidOf(1, undefined);
    const second = isids.isidOf(1, first);
    expect([first[0], second[0]]).toEqual([0x80, 0x80]);
    expect(hex(first)).not.toBe(hex(second));
  });

  it.skipIf(!existsSync(RECORDED))('of QEMU in a recording is of that kind', () => {
    const bytes = readFileSync(RECORDED);
    const found: string[] = [];
    // Login requests: opcode 43h, CSG 1, no TSIH.
    for (let at = bytes.indexOf(Uint8Array.of(0x43, 0x87)); at >= 0; ) {
      found.push(hex(bytes.subarray(at + 8, at + 14)));
      at = bytes.indexOf(Uint8Array.of(0x43, 0x87), at + 1);
    }
    expect(found.length).toBeGreaterThan(1);
    expect(new Set(found).size).toBeGreaterThan(1);
    for (const one of found) expect(one).toMatch(/^80/);
  });

  it('may be given', () => {
    const isid = Uint8Array.of(0, 0, 0, 0, 0, 9);
    expect(givenIsid(isid).isidOf(4, undefined)).toBe(isid);
  });
});

describe('an address', () => {
  it.each([
    ['10.0.0.1:3260,1', { address: '10.0.0.1', port: 3260, groupTag: 1 }],
    ['10.0.0.1', { address: '10.0.0.1', port: 3260, groupTag: undefined }],
    ['[2001:db8::1]:860,65535', { address: '2001:db8::1', port: 860, groupTag: 65_535 }],
    ['storage.example:1', { address: 'storage.example', port: 1, groupTag: undefined }],
    ['10.0.0.1:0', undefined],
    ['10.0.0.1:65536', undefined],
    ['10.0.0.1:1,65536', undefined],
    ['a b:1', undefined],
    ['2001:db8::1:3260', undefined],
    ['', undefined],
  ])('%s', (text, address) => {
    expect(parseTargetAddress(text)).toEqual(address);
  });
});
