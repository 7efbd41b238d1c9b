/** Which of two states of reservations counts. */
import { expect, it } from 'vitest';
import {
  encodeShared,
  type ReservationState,
} from '../../../../src/array/pair/reservation-state.ts';
import { STATES_LBA } from '../../../../src/array/pair/reservation-states.ts';
import { cdb } from '../../../../src/codecs/scsi/index.ts';
import { fcInitiatorPort } from '../../../../src/history/port-name.ts';
import { PairRig } from '../../../helpers/pair-rig.ts';

const HOST = fcInitiatorPort(0x2100_0000_0000_000an);

function rig() {
  const one = new PairRig();
  const state = one.array.pair!.reservations.states.stateOf(0);
  const tell = (change: Partial<ReservationState>, to: 'array' | 'mirror' = 'mirror') => {
    const dataOut = encodeShared([{ ...state, ...change }]);
    const transferLengthBlocks = dataOut.length / 512;
    const bytes = cdb.encode({ kind: 'WRITE(16)', lba: BigInt(STATES_LBA), transferLengthBlocks });
    let status: number | undefined;
    one[to === 'mirror' ? 'array' : 'mirror'].pair!.link.send(
      { lun: 0, cdb: bytes, dataOut },
      (answer) => {
        status = answer.end === 'answered' ? answer.status : undefined;
      },
    );
    one.deliver();
    return status;
  };
  const keyed = (key: string, version: number) => ({
    version,
    registrations: [[HOST, 1, key] as const],
  });
  return { one, tell, keyed };
}

it('a later one takes the place of an older one, and not the other way', () => {
  const { keyed, one, tell } = rig();
  expect([tell(keyed('2', 2)), tell(keyed('1', 1))]).toEqual([0, 0]);
  expect(one.known()[1]).toBe('free 2@1');
});

it('one of another generation is not taken', () => {
  const { keyed, one, tell } = rig();
  expect(tell({ ...keyed('1', 1), epoch: 3 })).toBe(2);
  expect(one.known()[1]).toBe('free');
});

it('who leads, and who goes on alone, takes none', () => {
  const { keyed, one, tell } = rig();
  expect(tell(keyed('1', 1), 'array')).toBe(2);
  one.mirror.pair!.standing.enterDetached('for the test');
  expect(tell(keyed('1', 1))).toBe(2);
});

it('a generation that began anew with the power of one array only grows', () => {
  const { one, tell } = rig();
  tell({ version: 1, generation: 20, cause: 'register' });
  tell({ version: 2, generation: 3, cause: 'shared' });
  expect(one.mirror.device.units[0]!.reservations.generation).toBe(20);
});

it('nothing is said where nothing is registered', () => {
  const { one } = rig();
  const { states } = one.array.pair!.reservations;
  let isShared = false;
  states.share(0, (shared) => {
    isShared = shared;
  });
  expect([isShared, one.onItsWay.length, states.blocks]).toEqual([true, 0, 0]);
});
