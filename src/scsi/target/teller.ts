/** An array's observations as the events of its machine. */
import type { ArrayCore } from './array.ts';
import type { Applied, ArrayObserver } from './command.ts';
import { findCommand } from './commands/index.ts';
import { type ArrayEvent, nameOfPair, nameOfUnit } from './events.ts';
import type { LogicalUnit } from './logical-unit.ts';
import type { CommandRequest, Task } from './task-set.ts';

type Emit = (event: ArrayEvent) => void;

/** An observer that makes events of all it hears. `core` gives the array it observes. */
export function tellEvents(emit: Emit, core: () => ArrayCore): ArrayObserver {
  return {
    onApply: (applied) => emit(applyEvent(applied)),
    onDone: (task, reply) => {
      const { nexus, lun, tag, rxId } = task.request;
      emit({
        type: 'command-done',
        command: commandName(task),
        nexus: nexus.name,
        lun,
        oxId: tag,
        rxId,
        luName: unitName(task.lu),
        status: reply.status,
      });
    },
    onCleared: (task, cause) =>
      emit({
        type: 'task-aborted',
        ...exchangeOf(task.request),
        luName: unitName(task.lu),
        cause,
      }),
    onAttention: (lu, pair, state, code, tag) =>
      emit({
        type: 'attention',
        state,
        luName: nameOfUnit(lu),
        pair: nameOfPair(pair),
        code,
        ...(tag === undefined ? {} : { oxId: tag }),
      }),
    onReservation: (lu, cause, by) => emit(reservationEvent(lu, cause, by?.name)),
    onAccess: (lu, group, state, explicit) =>
      emit({ type: 'access', luName: nameOfUnit(lu), group, state, explicit }),
    onFlushed: (lu) => emit({ type: 'flushed', luName: nameOfUnit(lu) }),
    onCacheLost: (lu, blocks) => emit({ type: 'cache-lost', luName: nameOfUnit(lu), blocks }),
    onMask: (wwpn) => {
      const view = wwpn === undefined ? core().masks.defaultView : core().masks.viewOf(wwpn);
      const luns = [...view].map(([lun, lu]) => ({ lun, luName: nameOfUnit(lu) }));
      emit({ type: 'mask', wwpn, luns });
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

function unitName(lu: LogicalUnit | undefined): string | undefined {
  return lu && nameOfUnit(lu);
}

function exchangeOf({ nexus, lun, tag, rxId }: CommandRequest) {
  return { nexus: nexus.name, lun, oxId: tag, rxId };
}

function commandName({ request, runnable }: Task): string {
  const command = runnable?.command ?? findCommand(request.cdb);
  return command?.name ?? `operation code ${request.cdb[0]!.toString(16).padStart(2, '0')}h`;
}

function applyEvent(applied: Applied): ArrayEvent {
  const { kind, lu, lba, blocks, data, durable, request, heldWhenEnabled } = applied;
  return {
    type: 'apply',
    change: kind,
    luName: nameOfUnit(lu),
    lba,
    blocks,
    data: kind === 'write-same' ? repeated(data, blocks) : data,
    durable,
    ...exchangeOf(request),
    heldWhenEnabled,
    held: lu.reservations.holdFor(request.nexus),
  };
}

function reservationEvent(
  lu: LogicalUnit,
  cause: Extract<ArrayEvent, { type: 'reservation' }>['cause'],
  by: Extract<ArrayEvent, { type: 'reservation' }>['by'],
): ArrayEvent {
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
    registrations: reservations.registrations.map(({ pair, key }) => ({
      ...nameOfPair(pair),
      key,
    })),
    spc2Holder: spc2Holder?.name,
  };
}

/** One block as many times as it was written. */
function repeated(block: Uint8Array, times: number): Uint8Array {
  const data = new Uint8Array(block.length * times);
  for (let i = 0; i < times; i++) data.set(block, i * block.length);
  return data;
}
