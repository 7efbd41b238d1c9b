/** A logical unit: its name for ever, and what resets and power loss leave of its state. */
import { describe, expect, it } from 'vitest';
import { MemoryMedium } from '../../../../src/scsi/medium/medium.ts';
import { LogicalUnit, luIdOf } from '../../../../src/scsi/target/logical-unit.ts';
import { INITIATOR_A, Rig, toHex } from '../../../helpers/scsi-target.ts';

describe('the name of a logical unit', () => {
  it('is NAA 6 with a local company, the index, and the device’s name', () => {
    const id = toHex(luIdOf('array', 5));
    expect(id.slice(0, 16)).toBe('602534d000000005');
    expect(luIdOf('array', 5)).toEqual(luIdOf('array', 5));
    expect(toHex(luIdOf('other', 5)).slice(16)).not.toBe(id.slice(16));
  });
});

describe('a logical unit', () => {
  const lu = () => new LogicalUnit('array', 1, [], { medium: new MemoryMedium(8) });

  it('has its name also in hex, and a serial number of 16 characters', () => {
    const one = lu();
    expect(one.luName).toBe(toHex(one.luId));
    expect(one.serial).toMatch(/^[0-9a-f]{8}00000001$/);
  });

  it('is started and has its mode parameters again after a reset', () => {
    const one = lu();
    one.started = false;
    one.mode.softwareWriteProtect = true;
    one.reset();
    expect([one.started, one.mode]).toEqual([
      true,
      { writeCacheEnabled: true, softwareWriteProtect: false },
    ]);
  });

  it('releases the SPC-2 reservation at a reset, and tells its observer', () => {
    const rig = new Rig();
    const seen: string[] = [];
    const unit = new LogicalUnit(
      'array',
      1,
      [],
      { medium: new MemoryMedium(8) },
      {
        onReservation: (_lu, cause, by) => seen.push(`${cause} ${by?.initiatorPort}`),
      },
    );
    const a = rig.login(INITIATOR_A);
    expect(unit.reservations.reserveSpc2(a)).toBe('good');
    unit.reset();
    expect(unit.reservations.spc2Holder).toBeUndefined();
    expect(seen).toEqual([`spc2-reserve ${INITIATOR_A}`, `reset ${INITIATOR_A}`]);
  });

  it('tells what its cache lost with the power, and owes everybody the code', () => {
    const rig = new Rig();
    const medium = Object.assign(new MemoryMedium(8), { powerLost: () => 3 });
    const lost: number[] = [];
    const unit = new LogicalUnit(
      'array',
      1,
      [],
      { medium },
      { onCacheLost: (_lu, blocks) => lost.push(blocks) },
    );
    const { pair } = rig.login();
    expect(unit.attentions.pending(pair)).toEqual([]);
    unit.powerOn(0x2901);
    expect(lost).toEqual([3]);
    expect(unit.attentions.pending(pair)).toEqual([0x2901]);
  });
});
