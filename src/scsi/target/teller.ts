/** What an array's observer hears, as the happenings that its machine tells. */
import { formatHex } from '../../codecs/layout/index.ts';
import { fcInitiatorDevice } from '../../history/port-name.ts';
import type {
  BlocksApplied,
  CommandName,
  NexusName,
  ReservationCause,
  ReservationChanged,
  StorageEvent,
} from '../../history/storage.ts';
import type { ArrayCore } from './array.ts';
import type { Applied, ArrayObserver } from './command.ts';
import { findCommand } from './commands/index.ts';
import type { LogicalUnit } from './logical-unit.ts';
import type { Reply } from './reply.ts';
import type { CommandRequest, Task } from './task-set.ts';

type Emit = (event: StorageEvent) => void;

/** An observer that tells all it hears. `core` gives the array it observes. */
export function tellEvents(emit: Emit, core: () => ArrayCore): ArrayObserver {
  return {
    onApply: (applied) => emit(applyEvent(applied)),
    onDone: (task, reply) => {
      const { nexus, lun, tag } = task.request;
      emit({
        type: 'command-done',
        command: commandName(task),
        nexus: nexus.name,
        lun,
        tag,
        luName: unitName(task.lu),
        status: reply.status,
        sense: senseOf(reply),
      });
    },
    onCleared: (task, cause) =>
      emit({
        type: 'task-aborted',
        ...commandOf(task.request),
        luName: unitName(task.lu),
        cause,
      }),
    onAttention: (lu, pair, state, code, tag) =>
      emit({
        type: 'attention',
        state,
        luName: nameOfUnit(lu),
        pair: pair.name,
        code,
        ...(tag === undefined ? {} : { tag }),
      }),
    onReservation: (lu, cause, by) => emit(reservationEvent(lu, cause, by?.name)),
    onAccess: (lu, group, state, explicit) =>
      emit({ type: 'access', luName: nameOfUnit(lu), group, state, explicit }),
    onFlushed: (lu) => emit({ type: 'flushed', luName: nameOfUnit(lu) }),
    onCacheLost: (lu, blocks) => emit({ type: 'cache-lost', luName: nameOfUnit(lu), blocks }),
    onMask: (wwpn) => {
      const view = wwpn === undefined ? core().masks.defaultView : core().masks.viewOf(wwpn);
      const luns = [...view].map(([lunNumber, lu]) => ({ lunNumber, luName: nameOfUnit(lu) }));
      const device = wwpn === undefined ? undefined : fcInitiatorDevice(wwpn);
      emit({ type: 'mask', device, luns });
    },
    onManaged: (nexus, lun, taskManagementFlags, code) =>
      emit({
        type: 'task-management',
        nexus: nexus.name,
        lun,
        function: taskManagementFlags,
        code,
      }),
    onPowerOn: () => emit({ type: 'power-on' }),
  };
}

/** Names of logical units, made once each: they go into every event. */
const NAMES = new WeakMap<LogicalUnit, string>();

function nameOfUnit(lu: LogicalUnit): string {
  let name = NAMES.get(lu);
  if (name === undefined) {
    name = formatHex(lu.luId);
    NAMES.set(lu, name);
  }
  return name;
}

function unitName(lu: LogicalUnit | undefined): string | undefined {
  return lu && nameOfUnit(lu);
}

function commandOf({ nexus, lun, tag }: CommandRequest): CommandName {
  return { nexus: nexus.name, lun, tag };
}

function commandName({ request, runnable }: Task): string {
  const command = runnable?.command ?? findCommand(request.cdb);
  return command?.name ?? `operation code ${request.cdb[0]!.toString(16).padStart(2, '0')}h`;
}

/** Key and code of a reply's sense data, which is in fixed format: bytes 2, 12 and 13. Source: SPC-4, 4.5.3. */
function senseOf({ sense }: Reply): number | undefined {
  if (sense === undefined) return undefined;
  return ((sense[2]! & 0x0f) << 16) | (sense[12]! << 8) | sense[13]!;
}

function applyEvent(applied: Applied): BlocksApplied {
  const { kind, lu, lba, blocks, data, durable, request, heldWhenEnabled } = applied;
  return {
    type: 'apply',
    change: kind,
    luName: nameOfUnit(lu),
    lba,
    blocks,
    data: kind === 'write-same' ? repeated(data, blocks) : data,
    durable,
    ...commandOf(request),
    heldWhenEnabled,
    held: lu.reservations.holdFor(request.nexus),
  };
}

function reservationEvent(
  lu: LogicalUnit,
  cause: ReservationCause,
  by: NexusName | undefined,
): ReservationChanged {
  const { reservations } = lu;
  const { spc2Holder } = reservations;
  return {
    type: 'reservation',
    luName: nameOfUnit(lu),
    cause,
    by,
    generation: reservations.generation,
    aptpl: reservations.aptpl,
    reservationType: reservations.reservation?.type,
    holder: reservations.namedHolder,
    registrations: reservations.registrations.map(({ pair, key }) => ({ ...pair.name, key })),
    spc2Holder: spc2Holder?.name,
  };
}

/** One block as many times as it was written. */
function repeated(block: Uint8Array, times: number): Uint8Array {
  const data = new Uint8Array(block.length * times);
  for (let i = 0; i < times; i++) data.set(block, i * block.length);
  return data;
}
