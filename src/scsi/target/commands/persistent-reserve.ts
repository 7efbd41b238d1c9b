/** PERSISTENT RESERVE OUT: registrations and persistent reservations. */
import { CodecError } from '../../../codecs/layout/index.ts';
import {
  PersistentReserveOut,
  type PersistentReserveOutList,
  persistentReserveOutList,
  ReservationScope,
  registerAndMoveList,
  SenseCode,
  type TransportId,
} from '../../../codecs/scsi/index.ts';
import { initiatorPortOf } from '../../port-identity.ts';
import { type Command, cdbs, command, type Invocation } from '../command.ts';
import { PARAMETER_LIST_BYTES_MAX } from '../limits.ts';
import type { ItNexus } from '../nexus.ts';
import {
  GOOD,
  illegalRequest,
  invalidFieldInCdb,
  invalidFieldInParameterList,
  RESERVATION_CONFLICT,
  type Reply,
} from '../reply.ts';
import { isReservationType, type ReservationResult } from '../reservation-rules.ts';

/** Bytes of the basic parameter list. */
const BASIC_LIST_BYTES = 24;
/** Where the TransportIDs of SPEC_I_PT and of REGISTER AND MOVE begin. */
const TRANSPORT_ID_AT = 28;
const MOVE_TRANSPORT_ID_AT = 24;
const MOVE_PORT_AT = 18;

const LENGTH_ERROR = illegalRequest(SenseCode.PARAMETER_LIST_LENGTH_ERROR);

function replyOf(result: ReservationResult): Reply {
  if (result === 'good') return GOOD;
  return result === 'conflict' ? RESERVATION_CONFLICT : illegalRequest(result.asc);
}

type Cdb = { scope: number; type: number; parameterListLengthBytes: number };
type Action = (invocation: Invocation, list: PersistentReserveOutList, cdb: Cdb) => Reply;

/** The pairs that a TransportID names at some target ports, remembered from now on. */
function pairsOf(
  { target }: Invocation,
  transportId: TransportId,
  targetPorts: readonly number[],
): ItNexus[] | undefined {
  const initiatorPort = initiatorPortOf(transportId);
  if (initiatorPort === undefined) return undefined;
  const pairs: ItNexus[] = [];
  for (const port of targetPorts) {
    const pair = target.nexuses.obtain(initiatorPort, port);
    if (pair === undefined) return undefined;
    pairs.push(pair);
  }
  return pairs;
}

/** REGISTER. SPEC_I_PT registers other initiators too, ALL_TG_PT at every target port. */
function register(ignoreExistingKey: boolean): Action {
  return (invocation, list) => {
    const { target, lu, task } = invocation;
    const { pair } = task.nexus;
    const ports = list.allTgPt === 1 ? [...target.ports.keys()] : [pair.targetPortIndex];
    const others: ItNexus[] = [];
    for (const port of ports) {
      const other = target.nexuses.obtain(pair.initiatorPort, port);
      if (other !== undefined && other !== pair) others.push(other);
    }
    if (list.specIPt === 1) {
      if (ignoreExistingKey || lu.reservations.keyOf(pair) !== undefined) {
        return invalidFieldInParameterList(20, 3);
      }
      for (const transportId of list.transportIdData?.transportIds ?? []) {
        const named = pairsOf(invocation, transportId, ports);
        if (named === undefined) return invalidFieldInParameterList(TRANSPORT_ID_AT);
        if (named.some((one) => lu.reservations.keyOf(one) !== undefined)) {
          return RESERVATION_CONFLICT;
        }
        others.push(...named);
      }
    }
    return replyOf(
      lu.reservations.register(pair, {
        key: list.reservationKey,
        newKey: list.serviceActionReservationKey,
        ignoreExistingKey,
        aptpl: list.aptpl === 1,
        others,
      }),
    );
  };
}

const reserve: Action = ({ lu, task }, list, { type }) =>
  isReservationType(type)
    ? replyOf(lu.reservations.reserve(task.nexus.pair, list.reservationKey, type))
    : invalidFieldInCdb(2, 3);

const release: Action = ({ lu, task }, list, { type }) =>
  isReservationType(type)
    ? replyOf(lu.reservations.release(task.nexus.pair, list.reservationKey, type))
    : invalidFieldInCdb(2, 3);

const clear: Action = ({ lu, task }, list) =>
  replyOf(lu.reservations.clear(task.nexus.pair, list.reservationKey));

/**
 * PREEMPT; PREEMPT AND ABORT also ends the tasks of those whose registration it removes. SCOPE and
 * TYPE are those of the reservation that takes the other's place; where registrations are all that
 * goes, they are ignored (SPC-6, 5.14.11.2.5).
 */
function preempt(abort: boolean): Action {
  return ({ target, lu, task }, list, { scope, type }) => {
    if (lu.reservations.isHeldBy(list.serviceActionReservationKey)) {
      if (scope !== ReservationScope.LU_SCOPE) return invalidFieldInCdb(2, 7);
      if (!isReservationType(type)) return invalidFieldInCdb(2, 3);
    }
    const removed: ItNexus[] = [];
    const result = lu.reservations.preempt(
      task.nexus.pair,
      list.reservationKey,
      list.serviceActionReservationKey,
      isReservationType(type) ? type : undefined,
      removed,
      abort ? 'preempt-and-abort' : 'preempt',
    );
    if (abort) {
      const pairs = new Set(removed);
      target.clearTasksOf(lu, (pair) => pairs.has(pair), task, 'preempted');
    }
    return replyOf(result);
  };
}

function parse<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    if (error instanceof CodecError) return undefined;
    throw error;
  }
}

/** Only a list with SPEC_I_PT is longer than the basic one. */
function runBasic(invocation: Invocation, cdb: Cdb, action: Action): Reply {
  const { dataOut } = invocation;
  const list = parse(() => persistentReserveOutList.decode(dataOut));
  if (list === undefined || list.trailing !== undefined) return LENGTH_ERROR;
  return action(invocation, list, cdb);
}

function runRegisterAndMove(invocation: Invocation): Reply {
  const { target, lu, task, dataOut } = invocation;
  const list = parse(() => registerAndMoveList.decode(dataOut));
  if (list === undefined || list.trailing !== undefined) return LENGTH_ERROR;
  const port = target.ports.findIndex((one) => one.relativeId === list.relativeTargetPort);
  if (port < 0) return invalidFieldInParameterList(MOVE_PORT_AT);
  const to = pairsOf(invocation, list.transportId, [port])?.[0];
  if (to === undefined) return invalidFieldInParameterList(MOVE_TRANSPORT_ID_AT);
  return replyOf(
    lu.reservations.registerAndMove(task.nexus.pair, to, {
      key: list.reservationKey,
      newKey: list.serviceActionReservationKey,
      unregister: list.unreg === 1,
      aptpl: list.aptpl === 1,
    }),
  );
}

const OUT = PersistentReserveOut;

function persistentOut(
  name: string,
  serviceAction: number,
  run: (invocation: Invocation, cdb: Cdb) => Reply,
  scoped: boolean,
): Command {
  return command(cdbs['PERSISTENT RESERVE OUT'], {
    name,
    serviceAction,
    reservation: 'own',
    access: 'standby',
    needsReady: false,
    dataOutBytes: (cdb) => cdb.parameterListLengthBytes,
    check: (cdb) => {
      if (scoped && cdb.scope !== ReservationScope.LU_SCOPE) return invalidFieldInCdb(2, 7);
      const { parameterListLengthBytes: length } = cdb;
      return length < BASIC_LIST_BYTES || length > PARAMETER_LIST_BYTES_MAX
        ? LENGTH_ERROR
        : undefined;
    },
    run: (invocation, cdb) =>
      invocation.lu.reservations.spc2Holder === undefined
        ? run(invocation, cdb)
        : RESERVATION_CONFLICT,
  });
}

/** A service action with the basic parameter list; `scoped`: it looks at SCOPE. */
function basic(name: string, serviceAction: number, action: Action, scoped = false): Command {
  return persistentOut(
    name,
    serviceAction,
    (invocation, cdb) => runBasic(invocation, cdb, action),
    scoped,
  );
}

/** PERSISTENT RESERVE OUT. Source: SPC-5. */
export const persistentReserveCommands: readonly Command[] = [
  basic('REGISTER', OUT.REGISTER, register(false)),
  basic('RESERVE', OUT.RESERVE, reserve, true),
  basic('RELEASE', OUT.RELEASE, release, true),
  basic('CLEAR', OUT.CLEAR, clear),
  basic('PREEMPT', OUT.PREEMPT, preempt(false)),
  basic('PREEMPT AND ABORT', OUT.PREEMPT_AND_ABORT, preempt(true)),
  basic('REGISTER AND IGNORE EXISTING KEY', OUT.REGISTER_AND_IGNORE_EXISTING_KEY, register(true)),
  persistentOut('REGISTER AND MOVE', OUT.REGISTER_AND_MOVE, runRegisterAndMove, false),
];
