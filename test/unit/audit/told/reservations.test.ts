import { describe, expect, it } from 'vitest';
import { PortNames } from '../../../../src/audit/told/port-names.ts';
import { CapturedReservations, type UnitNamer } from '../../../../src/audit/told/reservations.ts';
import { Conversation, cdb, decodeFrame, fcpCmnd } from '../../../../src/codecs/index.ts';
import {
  PersistentReserveOut,
  persistentReserveOutList,
  ReservationType,
} from '../../../../src/codecs/scsi/index.ts';
import { ADDRESS, TARGET_ADDRESS } from '../../../helpers/audit-rig.ts';
import { exchangeRow } from '../../../helpers/exchange-row.ts';
import { fc } from '../../../helpers/fc-frames.ts';

const TYPE = ReservationType.WRITE_EXCLUSIVE;
const OTHER = 0x010102;

/** A request of PERSISTENT RESERVE OUT: who, what, its key, the other key, and the answer. */
type Asked = readonly [
  from: number,
  action: keyof typeof PersistentReserveOut,
  key: bigint,
  newKey: bigint,
  status?: string,
];

function after(...asked: readonly Asked[]) {
  const told = new CapturedReservations(new PortNames());
  const conversation = new Conversation();
  asked.forEach(([from, action, key, newKey, status = 'GOOD'], i) => {
    const field = new Uint8Array(16);
    field.set(
      cdb.encode({
        kind: 'PERSISTENT RESERVE OUT',
        serviceAction: PersistentReserveOut[action],
        scope: 0,
        type: TYPE,
        parameterListLengthBytes: 24,
      }),
    );
    const list = persistentReserveOutList.encode({
      reservationKey: key,
      serviceActionReservationKey: newKey,
    });
    const payload = fcpCmnd.encode({ lun: 0n, wrdata: 1, fcpDl: 24, cdb: field });
    const asking = fc({ from, header: { oxId: i }, payload });
    const header = { oxId: i, rCtl: 1, fCtl: 0x09_0008, parameter: 0 };
    for (const bytes of [asking, fc({ from, header, payload: list })])
      told.take(decodeFrame(bytes, { conversation }), '');
    const ends = { originator: from, responder: TARGET_ADDRESS, oxId: i, firstFrame: 2 * i + 1 };
    told.exchange(exchangeRow({ ...ends, command: 'PERSISTENT RESERVE OUT', status }));
  });
  return told;
}

const stateAfter = (...asked: readonly Asked[]) => {
  const { holder, registered, conflicts } = after(...asked).states()[0]!;
  return {
    holder: holder?.initiator.nPortId,
    keys: registered.map(({ initiator, key }) => `${initiator.nPortId} ${BigInt(`0x${key}`)}`),
    conflicts,
  };
};

const hex = (id: number): string => id.toString(16).padStart(6, '0');
const A = hex(ADDRESS);
const B = hex(OTHER);

describe('reservations of a capture', () => {
  it('are listed with action, type, keys and status', () => {
    const told = after([ADDRESS, 'REGISTER', 0n, 5n], [ADDRESS, 'RESERVE', 5n, 0n]);
    expect(told.actions()).toMatchObject([
      { frame: 1, action: 'REGISTER', type: undefined, serviceActionKey: '0000000000000005' },
      {
        frame: 3,
        action: 'RESERVE',
        type: 'WRITE EXCLUSIVE',
        key: '0000000000000005',
        status: 'GOOD',
      },
    ]);
  });

  it('are held by whom the unit let', () => {
    expect(
      stateAfter(
        [ADDRESS, 'REGISTER', 0n, 5n],
        [OTHER, 'REGISTER', 0n, 6n],
        [ADDRESS, 'RESERVE', 5n, 0n],
        [OTHER, 'RESERVE', 6n, 0n, 'RESERVATION_CONFLICT'],
      ),
    ).toEqual({ holder: A, keys: [`${A} 5`, `${B} 6`], conflicts: 1 });
  });

  it('pass on by PREEMPT of the holder alone, and end with its registration, RELEASE and CLEAR', () => {
    const both = [
      [ADDRESS, 'REGISTER', 0n, 5n],
      [OTHER, 'REGISTER', 0n, 6n],
      [ADDRESS, 'RESERVE', 5n, 0n],
    ] as const;
    expect(stateAfter(...both, [OTHER, 'PREEMPT', 6n, 5n])).toMatchObject({
      holder: B,
      keys: [`${B} 6`],
    });
    expect(stateAfter(...both, [ADDRESS, 'PREEMPT', 5n, 6n])).toMatchObject({
      holder: A,
      keys: [`${A} 5`],
    });
    for (const last of [
      [ADDRESS, 'REGISTER', 5n, 0n],
      [ADDRESS, 'RELEASE', 5n, 0n],
      [OTHER, 'CLEAR', 6n, 0n],
    ] as const)
      expect(stateAfter(...both, last).holder).toBeUndefined();
    expect(stateAfter(...both, [OTHER, 'RELEASE', 6n, 0n]).holder).toBe(A);
  });

  it('belong to the unit, through whichever port it is asked', () => {
    const PORTS = [TARGET_ADDRESS, TARGET_ADDRESS + 1] as const;
    const through = (unitName: UnitNamer) => {
      const told = new CapturedReservations(new PortNames(), unitName);
      for (const responder of PORTS) {
        told.exchange(exchangeRow({ command: 'RESERVE(6)', responder }));
        told.exchange(exchangeRow({ command: 'WRITE(10)', responder, status: CONFLICT }));
      }
      return told.states();
    };
    const CONFLICT = 'RESERVATION_CONFLICT';
    const ports = PORTS.map((port) => ({ target: { nPortId: hex(port) }, lun: '0' }));
    expect(through(() => 'naa.6005')).toMatchObject([
      { identity: 'naa.6005', ports, conflicts: 2, holder: { target: ports[1]!.target } },
    ]);
    // Where nobody asked the unit for its name, ports are all that is known.
    expect(through(() => undefined)).toMatchObject(
      ports.map((one) => ({ ...one, identity: undefined, ports: [one], conflicts: 1 })),
    );
  });

  it('of SPC-2 are told too', () => {
    const told = new CapturedReservations(new PortNames());
    told.exchange(exchangeRow({ command: 'RESERVE(6)' }));
    expect(told.states()[0]!.holder).toMatchObject({ type: 'RESERVE(6)' });
    told.exchange(exchangeRow({ command: 'RELEASE(6)' }));
    expect(told.states()[0]!.holder).toBeUndefined();
    expect(told.actions().map(({ action }) => action)).toEqual(['RESERVE(6)', 'RELEASE(6)']);
  });
});
