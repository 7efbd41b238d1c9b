import { describe, expect, it } from 'vitest';
import { MemoryMedium } from '../../../../../src/scsi/medium/medium.ts';
import { GOOD, Rig, TUR, toHex } from '../../../../helpers/scsi-target.ts';

describe('READ CAPACITY', () => {
  it('gives the last block and the block length', () => {
    const rig = new Rig();
    rig.unit();
    const nexus = rig.login();
    expect(toHex(rig.send(nexus, '25 00 00000000 0000 00 00').dataIn)).toBe('0000270f00000200');
    const long = rig.send(nexus, '9e 10 0000000000000000 00000020 00 00').dataIn;
    expect(toHex(long)).toBe(`000000000000270f00000200${'0000c000'}${'00'.repeat(16)}`);
  });

  it('says FFFFFFFFh in 10 bytes when the medium is larger', () => {
    const rig = new Rig();
    rig.unit(new MemoryMedium(2 ** 33));
    const nexus = rig.login();
    expect(toHex(rig.send(nexus, '25 00 00000000 0000 00 00').dataIn)).toBe('ffffffff00000200');
    const long = rig.send(nexus, '9e 10 0000000000000000 00000020 00 00').dataIn;
    expect(toHex(long?.subarray(0, 8))).toBe('00000001ffffffff');
  });

  it('is cut to the allocation length', () => {
    const rig = new Rig();
    rig.unit();
    const nexus = rig.login();
    expect(rig.send(nexus, '9e 10 0000000000000000 0000000c 00 00').dataIn?.length).toBe(12);
    expect(rig.send(nexus, '9e 10 0000000000000000 00000000 00 00').dataIn?.length).toBe(0);
    expect(rig.send(nexus, '9e 10 0000000000000000 ffffffff 00 00').dataIn?.length).toBe(32);
  });

  it('answers TEST UNIT READY with GOOD', () => {
    const rig = new Rig();
    rig.unit();
    expect(rig.ask(rig.login(), TUR)).toBe(GOOD);
  });
});
