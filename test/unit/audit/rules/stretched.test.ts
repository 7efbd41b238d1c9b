/** I36 on hand-made histories: two legs of a unit, and what arrays say of them. */
import { describe, expect, it } from 'vitest';
import type { Happening, PairState } from '../../../../src/history/index.ts';
import { fcInitiatorPort, fcTargetPort } from '../../../../src/history/port-name.ts';
import {
  AuditRig,
  apply,
  complete,
  H1,
  LU_NAME,
  PLACES,
  stamped,
  submit,
} from '../../../helpers/audit-rig.ts';

const [EAST, WEST] = ['east', 'west'];
const LEG = '60eeeeeeeeeeeeeeeeeeeeeeeeeeeeee';
const PLACES_OF_PAIR = {
  ...PLACES,
  nodes: [
    ...PLACES.nodes,
    { name: EAST, kind: 'array' as const },
    { name: WEST, kind: 'array' as const },
  ],
  units: [
    { luName: LU_NAME, name: 'data', luns: [0], isStretched: true },
    { luName: LEG, name: 'data (leg at west)', luns: [1], copyOf: LU_NAME },
  ],
};

const pair = (state: PairState): Happening => ({
  type: 'pair',
  state,
  leads: true,
  generation: '0',
  luNames: [LU_NAME],
  detail: '',
});
const rig = (...states: [PairState, PairState]) =>
  new AuditRig({ places: PLACES_OF_PAIR }).tell(EAST, pair(states[0])).tell(WEST, pair(states[1]));
const together = () => rig('in-sync', 'in-sync');
const onLeg = (version: number) => ({ ...apply(version), luName: LEG });
const differ = (state: 'set' | 'clear'): Happening => ({
  type: 'legs-differ',
  state,
  luName: LU_NAME,
  runs: [{ lba: 0, blocks: 8 }],
});
const leg = (data: Uint8Array): Happening => ({
  type: 'leg',
  luName: LU_NAME,
  lba: 0,
  blocks: 1,
  data,
});
const zeros = new Uint8Array(512);
const NEXUS = { initiator: fcInitiatorPort(0x21n), target: fcTargetPort(0x50n) };

describe('I36', () => {
  const detailOf = (told: AuditRig): string => told.verdict('I36').detail;
  const resultOf = (told: AuditRig): string => told.verdict('I36').result;

  it('passes a write that is on both legs before it is answered', () => {
    const told = together()
      .tell(H1, submit(1))
      .tell(EAST, apply(1))
      .tell(WEST, onLeg(1))
      .tell(H1, complete(1));
    expect(resultOf(told)).toBe('holds');
  });

  it('finds a registration that is answered before the other array knows it', () => {
    const registered = (key: bigint): Happening => ({
      type: 'reservation',
      luName: LU_NAME,
      cause: 'register',
      by: undefined,
      generation: 1,
      aptpl: false,
      reservationType: undefined,
      holder: undefined,
      registrations: [{ ...NEXUS, key }],
      spc2Holder: undefined,
    });
    const answered: Happening = {
      type: 'command-done',
      command: 'REGISTER',
      nexus: { ...NEXUS, epoch: 1, address: 1 },
      lun: 0n,
      tag: 1,
      luName: LU_NAME,
      status: 0,
      sense: undefined,
    };
    const early = together().tell(EAST, registered(1n), answered).tell(WEST, registered(1n));
    expect(detailOf(early)).toMatch(
      /east answered REGISTER of data .* before west had the same reservations/,
    );
    const sound = together().tell(EAST, registered(1n)).tell(WEST, registered(1n));
    expect(resultOf(sound.tell(EAST, answered))).not.toBe('violated');
    // Who is alone has nobody to tell.
    const alone = rig('detached', 'suspended').tell(EAST, registered(1n), answered);
    expect(resultOf(alone)).not.toBe('violated');
  });

  it('finds one that was answered before', () => {
    const told = together().tell(H1, submit(1)).tell(EAST, apply(1)).tell(H1, complete(1));
    expect(detailOf(told)).toMatch(
      /LBA 0 of data .* was answered before it was on the leg at west/,
    );
  });

  it('does not ask that of an array that is alone', () => {
    const told = rig('detached', 'suspended')
      .tell(H1, submit(1))
      .tell(EAST, apply(1), differ('set'))
      .tell(H1, complete(1))
      .tell(EAST, leg(stamped(1)))
      .tell(WEST, leg(zeros));
    expect(resultOf(told)).toBe('holds');
  });

  it('finds blocks that differ, and of which nobody says so', () => {
    const told = rig('detached', 'suspended')
      .tell(EAST, apply(1), leg(stamped(1)))
      .tell(WEST, leg(zeros));
    expect(detailOf(told)).toMatch(/LBA 0 of data .* is not the same at east and west/);
  });

  it('finds blocks that are taken for equal and are not', () => {
    const cleared = rig('source', 'target').tell(EAST, apply(1), differ('set'), differ('clear'));
    expect(detailOf(cleared)).toMatch(/east takes LBA 0 of data .* for equal/);
    const joined = rig('detached', 'suspended').tell(
      EAST,
      apply(1),
      differ('set'),
      pair('in-sync'),
    );
    expect(detailOf(joined)).toMatch(/east takes LBA 0 of data .* for equal/);
    const copied = rig('source', 'target')
      .tell(EAST, apply(1), differ('set'))
      .tell(WEST, onLeg(1))
      .tell(EAST, differ('clear'));
    expect(resultOf(copied)).toBe('holds');
  });

  it('finds a read from a leg that is not in sync', () => {
    const read = {
      type: 'command-done',
      command: 'READ(10)',
      luName: LU_NAME,
      status: 0,
      sense: undefined,
      lun: 0n,
      tag: 1,
      nexus: apply(1).nexus,
    } as const;
    expect(detailOf(rig('source', 'target').tell(WEST, read))).toMatch(
      /west answered a READ\(10\) of data .* while it was target/,
    );
    expect(resultOf(together().tell(WEST, read))).toBe('not-observable');
  });

  it('calls two that both go on a split brain, in a line of its own', () => {
    const told = rig('detached', 'detached').tell(EAST, apply(1)).tell(WEST, apply(2));
    expect(detailOf(told)).toMatch(/^split brain: east and west have both changed data/);
    expect(told.verdict('I36')).toMatchObject({ breach: 'a split brain', subject: 'data' });
    const one = rig('detached', 'detached').tell(EAST, apply(1)).tell(WEST, onLeg(2));
    expect(detailOf(one)).not.toMatch(/split brain/);
  });

  it('says nothing where no unit has two legs', () => {
    expect(new AuditRig({}).tell(H1, submit(1)).verdict('I36').result).toBe('not-observable');
  });
});
