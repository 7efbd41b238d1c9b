/** PERSISTENT RESERVE OUT through either of two arrays: one state, told before it is answered. */
import { describe, expect, it } from 'vitest';
import { encodeShared } from '../../../../src/array/pair/reservation-state.ts';
import { StorageArray } from '../../../../src/array/storage-array.ts';
import { cdb, persistentReserveOutList } from '../../../../src/codecs/scsi/index.ts';
import { streams } from '../../../../src/machine/random.ts';
import type { Nexus } from '../../../../src/scsi/target/nexus.ts';
import { PairRig } from '../../../helpers/pair-rig.ts';
import { filled } from '../../../helpers/scsi-target.ts';

const HOST = 0x2100_0000_0000_000an;
const OTHER = 0x2100_0000_0000_000bn;
const REGISTER = 6;
const RESERVE = 1;
const CLEAR = 3;
const PREEMPT = 4;
const ABORT = 5;
const WRITE_EXCLUSIVE_REGISTRANTS = 5;

/** PERSISTENT RESERVE OUT. */
function out(
  rig: PairRig,
  name: string,
  nexus: Nexus,
  action: number,
  key: bigint,
  next = 0n,
  type = 0,
): void {
  const list = persistentReserveOutList.encode({
    reservationKey: key,
    serviceActionReservationKey: next,
  });
  const bytes = Uint8Array.of(0x5f, action, type, 0, 0, 0, 0, 0, list.length, 0);
  rig.send(name, nexus, bytes, list);
}

function write(rig: PairRig, name: string, nexus: Nexus, lba: number): void {
  const bytes = cdb.encode({ kind: 'WRITE(16)', lba: BigInt(lba), transferLengthBlocks: 1 });
  rig.send(name, nexus, bytes, filled(1, 7));
}

/** A host at each array, registered, and that at the second one holds the unit. */
function held() {
  const rig = new PairRig();
  const near = rig.login('array', HOST);
  const far = rig.login('mirror', OTHER);
  out(rig, 'near', near, REGISTER, 0n, 1n);
  rig.deliver();
  out(rig, 'far', far, REGISTER, 0n, 2n);
  rig.deliver();
  out(rig, 'hold', far, RESERVE, 2n, 0n, WRITE_EXCLUSIVE_REGISTRANTS);
  rig.deliver();
  return { rig, near, far };
}

describe('a change', () => {
  it('of the array that leads is answered when the other knows it', () => {
    const rig = new PairRig();
    out(rig, 'register', rig.login('array', HOST, 1), REGISTER, 0n, 0x10n);
    expect([rig.answers.get('register'), rig.known()]).toEqual([undefined, ['free 16@2', 'free']]);
    rig.deliver();
    expect([rig.answers.get('register'), rig.known()]).toEqual(['00', ['free 16@2', 'free 16@2']]);
  });

  it('of the other goes through the one that leads, in the name of who asked', () => {
    const { rig } = held();
    expect(['near', 'far', 'hold'].map((name) => rig.answers.get(name))).toEqual([
      '00',
      '00',
      '00',
    ]);
    const state = '5 50:06:01:60:00:00:00:03 1@1 2@3';
    expect(rig.known()).toEqual([state, state]);
    const by = rig.events().flatMap(({ event }) => ('by' in event ? [event.by] : []));
    expect(by).toContainEqual(expect.objectContaining({ target: '50:06:01:60:00:00:00:03' }));
  });

  it('that is refused is told nobody', () => {
    const { rig, near } = held();
    out(rig, 'conflict', near, RESERVE, 99n, 0n, WRITE_EXCLUSIVE_REGISTRANTS);
    expect([rig.answers.get('conflict'), rig.onItsWay.length]).toEqual(['18', 0]);
  });

  it('waits until the one before it is known to both', () => {
    const rig = new PairRig();
    const nexus = rig.login('array', HOST);
    out(rig, 'first', nexus, REGISTER, 0n, 1n);
    out(rig, 'second', nexus, REGISTER, 0n, 2n);
    expect([rig.onItsWay.length, rig.known()[0]]).toEqual([1, 'free 1@1']);
    rig.deliver();
    expect([rig.answers.get('second'), rig.known()]).toEqual(['00', ['free 2@1', 'free 2@1']]);
  });

  it('shuts out at both', () => {
    const { rig, far } = held();
    const stranger = rig.login('array', 0x2100_0000_0000_000cn);
    write(rig, 'stranger', stranger, 0);
    expect(rig.answers.get('stranger')).toBe('18');
    out(rig, 'clear', far, CLEAR, 2n);
    rig.deliver();
    write(rig, 'stranger', stranger, 0);
    rig.deliver();
    expect([rig.answers.get('stranger'), rig.known()]).toEqual(['00', ['free', 'free']]);
  });

  it('tells those at the other array what they are owed', () => {
    const { rig, near, far } = held();
    out(rig, 'preempt', near, PREEMPT, 1n, 2n, WRITE_EXCLUSIVE_REGISTRANTS);
    rig.deliver();
    write(rig, 'far', far, 0);
    // REGISTRATIONS PREEMPTED.
    expect(rig.answers.get('far')).toBe('02 6/2a/05');
    write(rig, 'far', far, 0);
    expect(rig.answers.get('far')).toBe('18');
  });

  it('of a unit of two arrays is never by RESERVE(6)', () => {
    const rig = new PairRig();
    rig.send('reserve', rig.login('array', HOST), Uint8Array.of(0x16, 0, 0, 0, 0, 0));
    expect(rig.answers.get('reserve')).toBe('02 5/20/00');
  });
});

describe('PREEMPT AND ABORT', () => {
  it('is answered when nothing of those it puts out is under way at the other any more', () => {
    const { rig, near, far } = held();
    write(rig, 'sent', far, 0);
    const [handedOn] = rig.onItsWay.splice(0);
    out(rig, 'fence', near, ABORT, 1n, 2n, WRITE_EXCLUSIVE_REGISTRANTS);
    rig.deliver();
    write(rig, 'behind', far, 8);
    // The write that was handed on has not ended: the fence waits for it.
    expect([rig.answers.get('fence'), rig.answers.get('behind')]).toEqual([undefined, undefined]);
    handedOn!.deliver();
    rig.deliver();
    expect(['sent', 'behind', 'fence'].map((name) => rig.answers.get(name))).toEqual([
      '00',
      'cleared: preempted',
      '00',
    ]);
  });
});

describe('the loss of an array', () => {
  const registered = (rig: PairRig) => {
    out(rig, 'register', rig.login('mirror', HOST), REGISTER, 0n, 5n);
    rig.deliver();
  };

  it('while a change is under way leaves it to who goes on', () => {
    const rig = new PairRig();
    out(rig, 'register', rig.login('array', HOST), REGISTER, 0n, 5n);
    rig.onItsWay.splice(0)[0]!.lose();
    expect([rig.answers.get('register'), rig.array.pair!.standing.state]).toEqual([
      undefined,
      'suspended',
    ]);
    rig.array.pair!.standing.enterDetached('for the test');
    expect(rig.answers.get('register')).toBe('00');
    // Alone it asks nobody.
    out(rig, 'again', rig.login('array', OTHER), REGISTER, 0n, 6n);
    expect([rig.answers.get('again'), rig.onItsWay.length]).toEqual(['00', 0]);
  });

  it('that has said by its state that a change was made does not make it twice', () => {
    const rig = new PairRig();
    out(rig, 'register', rig.login('mirror', HOST), REGISTER, 0n, 5n);
    const [request] = rig.onItsWay.splice(0);
    request!.deliver();
    const [told] = rig.onItsWay.splice(0);
    told!.deliver();
    expect(rig.answers.get('register')).toBe('00');
    expect(rig.known()).toEqual(['free 5@3', 'free 5@3']);
  });

  it('takes nothing along that the other knows, with or without APTPL', () => {
    const rig = new PairRig();
    registered(rig);
    const { blocks } = rig.mirror.pair!.reservations.states;
    expect(blocks).toBe(1);
    const again = StorageArray.afterPowerLoss(rig.array, streams(2).stream('again'));
    expect(again.device.units[0]!.reservations.registered).toBe(false);
    const link = rig.array.pair!.link;
    again.pair!.link.send = link.send;
    Object.assign(rig, { array: again });
    let isShared: boolean | undefined;
    again.pair!.reservations.states.share(blocks, (shared) => {
      isShared = shared;
    });
    rig.deliver();
    expect([isShared, rig.known()]).toEqual([true, ['free 5@3', 'free 5@3']]);
  });

  it('that was alone takes them along: what the other knows is older', () => {
    const rig = new PairRig();
    registered(rig);
    rig.array.pair!.standing.enterDetached('for the test');
    const again = StorageArray.afterPowerLoss(rig.array, streams(2).stream('again'));
    again.pair!.link.send = rig.array.pair!.link.send;
    Object.assign(rig, { array: again });
    rig.mirror.pair!.standing.enterTarget('for the test');
    again.pair!.reservations.states.share(1, () => {});
    expect(rig.onItsWay.map(({ command }) => command.dataInBytes)).toEqual([undefined]);
  });
});

describe('what is none', () => {
  const from = (rig: PairRig, lba: number, dataOut: Uint8Array) => {
    let status: number | undefined;
    const bytes = cdb.encode({
      kind: 'WRITE(16)',
      lba: BigInt(lba),
      transferLengthBlocks: dataOut.length / 512,
    });
    rig.mirror.pair!.link.send({ lun: 0, cdb: bytes, dataOut }, (answer) => {
      status = answer.end === 'answered' ? answer.status : undefined;
    });
    rig.deliver();
    const refused = rig.events().filter(({ event }) => event.type === 'refused');
    return [status, refused.length];
  };
  const STATES = 2 ** 19;
  const REQUEST = STATES + 2 ** 18;

  it('is refused in one line, and changes nothing', () => {
    const rig = new PairRig();
    const request = { unit: 0, asked: 1, by: ['21:00:00:00:00:00:00:0a', 1], cdb: [], list: [] };
    expect(from(rig, STATES, filled(1, 0x41))).toEqual([2, 1]);
    expect(from(rig, REQUEST, filled(1, 0x41))).toEqual([2, 1]);
    // A port of the array that is asked: its own hosts ask there themselves.
    const forged = { ...request, cdb: [0x5f, 6, 0, 0, 0, 0, 0, 0, 24, 0] };
    expect(from(rig, REQUEST, encodeShared(forged as never))).toEqual([2, 1]);
    const tooShort = { ...forged, by: ['21:00:00:00:00:00:00:0a', 3] };
    expect(from(rig, REQUEST, encodeShared(tooShort as never))).toEqual([2, 0]);
    const other = { ...tooShort, cdb: [0x2a, 0, 0, 0, 0, 0, 0, 0, 1, 0] };
    expect(from(rig, REQUEST, encodeShared(other as never))).toEqual([2, 0]);
    expect(rig.known()).toEqual(['free', 'free']);
  });
});
