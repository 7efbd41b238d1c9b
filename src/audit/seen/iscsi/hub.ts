/** What a connection tells to who follows them all. */
import type { StreamConnection } from '../../../codecs/index.ts';
import type { FaultKind, SeenMoment, SeenSession, SeenTask, SessionEnd } from '../session.ts';
import type { UnitLook } from '../unit-looks.ts';
import type { OpenTask } from './open-task.ts';

/** Hears of one connection. */
export interface ConnectionHub {
  /** A login was answered well; a session of no login when it was not seen. */
  begin(connection: StreamConnection, began: SeenMoment | undefined, isNew: boolean): SeenSession;
  end(session: SeenSession, moment: SeenMoment, how: Exclude<SessionEnd, 'reinstated'>): void;
  taskBegan(open: OpenTask): void;
  taskEnded(open: OpenTask): void;
  fault(kind: FaultKind, session: SeenSession, what: string, frames: readonly number[]): void;
  checked(kind: FaultKind): void;
  managed(session: SeenSession, what: string): void;
  /** A unit was reset, or all of the target. */
  reset(session: SeenSession, unit: string | undefined, at: SeenMoment): void;
  looked(task: SeenTask, look: UnitLook): void;
  /** Writes on the connection may not have been seen. */
  blind(connection: StreamConnection): void;
  unitOf(session: SeenSession, lun: bigint): string;
}
