/** What a target device's observer hears, as the happenings that its machine tells. */
import type {
  BlocksApplied,
  CommandName,
  NexusName,
  ReservationCause,
  ReservationChanged,
  StorageEvent,
} from '../../history/storage.ts';
import type { Reply } from '../transport.ts';
import { findCommand } from './commands/index.ts';
import type { LogicalUnit } from './logical-unit.ts';
import type { LunMasks } from './lun-mask.ts';
import type { Task } from './nexus.ts';
import type { Applied, TargetObserver } from './observer.ts';

type Emit = (event: StorageEvent) => void;

/** An observer that tells all it hears. `masks` gives those of the target device that it observes. */
export function tellEvents(emit: Emit, masks: () => LunMasks): TargetObserver {
  return {
    onApply: (applied) => emit(applyEvent(applied)),
    onDone: (task, reply) =>
      emit({
        type: 'command-done',
        command: commandName(task),
        ...commandOf(task),
        luName: task.lu?.luName,
        status: reply.status,
        sense: senseOf(reply),
      }),
    onCleared: (task, cause) =>
      emit({
        type: 'task-aborted',
        ...commandOf(task),
        luName: task.lu?.luName,
        cause,
      }),
    onAttention: (lu, pair, state, code, tag) =>
      emit({
        type: 'attention',
        state,
        luName: lu.luName,
        pair: pair.name,
        code,
        ...(tag === undefined ? {} : { tag }),
      }),
    onReservation: (lu, cause, by) => emit(reservationEvent(lu, cause, by?.name)),
    onAccess: (lu, group, state, explicit) =>
      emit({
        type: 'access',
        luName: lu.luName,
        group,
        targetPorts: lu.access.ofGroup(group)?.group.relativePortIds ?? [],
        state,
        explicit,
      }),
    onFlushed: (lu) => emit({ type: 'flushed', luName: lu.luName }),
    onCacheLost: (lu, blocks) => emit({ type: 'cache-lost', luName: lu.luName, blocks }),
    onMask: (device) => {
      const view = device === undefined ? masks().defaultView : masks().viewOf(device);
      const luns = [...view].map(([lunNumber, lu]) => {
        const ports = device === undefined ? undefined : masks().portsOf(device, lunNumber);
        const at = ports === undefined ? {} : { targetPorts: [...ports].map((port) => port + 1) };
        return { lunNumber, luName: lu.luName, ...at };
      });
      emit({ type: 'mask', device, luns });
    },
    onManaged: (nexus, lun, taskFunction, response) =>
      emit({
        type: 'task-management',
        nexus: nexus.name,
        lun,
        function: taskFunction,
        response,
      }),
    onPowerOn: () => emit({ type: 'power-on' }),
  };
}

function commandOf({ nexus, request }: Task): CommandName {
  return { nexus: nexus.name, lun: request.lun, tag: request.tag };
}

function commandName({ request, checked }: Task): string {
  const name = checked?.name ?? findCommand(request.cdb)?.name;
  return name ?? `operation code ${request.cdb[0]!.toString(16).padStart(2, '0')}h`;
}

/** Key and code of a reply's sense data, which is in fixed format: bytes 2, 12 and 13. Source: SPC-4, 4.5.3. */
function senseOf({ sense }: Reply): number | undefined {
  if (sense === undefined) return undefined;
  return ((sense[2]! & 0x0f) << 16) | (sense[12]! << 8) | sense[13]!;
}

function applyEvent(applied: Applied): BlocksApplied {
  const { kind, lu, lba, blocks, data, durable, task, heldWhenEnabled } = applied;
  return {
    type: 'apply',
    change: kind,
    luName: lu.luName,
    lba,
    blocks,
    data: kind === 'write-same' ? repeated(data, blocks) : data,
    durable,
    ...commandOf(task),
    heldWhenEnabled,
    held: lu.reservations.holdFor(task.nexus),
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
    luName: lu.luName,
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
