/**
 * Virtual machines behind a port by priority: which values of CS_CTL the fabric leaves to them (QFPA), and who is
 * behind which (UVEM).
 *
 * Ownership: what a port has said is kept in its login and goes with it.
 * Source: FC-LS-4, QFPA and UVEM; Linux lpfc, lpfc_cmpl_els_qfpa: a local identifier is twice the range's value, and
 * one more where it is odd.
 */
import {
  type LsDescriptor,
  LsRjtExplanation,
  LsRjtReason,
  qfpaAccept,
  uvem,
  uvemAccept,
} from '../../codecs/els/index.ts';
import { formatHex } from '../../codecs/layout/index.ts';
import type { FabricContext } from './context.ts';
import type { Login } from './logins.ts';
import { Refusal } from './refusal.ts';

/** Odd and even local identifiers. Source: Linux lpfc.h, QFPA_EVEN_ODD. */
const EVEN_AND_ODD = 3;
/** Priority 0 is everybody's. */
const RANGE = { lowRange: 1, highRange: 63, qosPriority: 0, localVeIdUse: EVEN_AND_ODD } as const;
const LOCAL_ID_MIN = RANGE.lowRange * 2;
const LOCAL_ID_MAX = RANGE.highRange * 2 + 1;

type Entity = Extract<LsDescriptor, { kind: 'INSTANTIATED_VE' | 'DEINSTANTIATED_VE' }>;

/** Answers both requests for all ports. */
export class VirtualEntities {
  readonly #context: FabricContext;

  constructor(context: FabricContext) {
    this.#context = context;
  }

  /** QFPA. */
  priorities(): Uint8Array {
    return qfpaAccept.encode({ descriptors: [{ kind: 'PRIORITY_RANGE', ...RANGE }] });
  }

  /** UVEM: all of it, or nothing where one part cannot be. Errors: `CodecError`. */
  update(login: Login, payload: Uint8Array): Uint8Array | Refusal {
    const { descriptors } = uvem.decode(payload);
    const changes = descriptors.filter(
      (one): one is Entity => one.kind === 'INSTANTIATED_VE' || one.kind === 'DEINSTANTIATED_VE',
    );
    const next = new Map(login.entities);
    for (const one of changes) {
      const name = formatHex(one.globalVeId);
      if (one.nPortId !== login.nPortId)
        return new Refusal(LsRjtReason.LOGICAL_ERROR, LsRjtExplanation.INVALID_N_PORT_ID);
      if (one.kind === 'DEINSTANTIATED_VE') next.delete(name);
      else if (!isFree(next, name, one.localVeId)) return new Refusal(LsRjtReason.LOGICAL_ERROR);
      else next.set(name, one.localVeId);
    }
    const before = login.entities;
    login.entities = next;
    this.#tell(login, before, next);
    return uvemAccept.encode({});
  }

  #tell(
    { nPortId, wwpn }: Login,
    before: ReadonlyMap<string, number>,
    now: ReadonlyMap<string, number>,
  ): void {
    const tell = (entity: string, tag: number, state: 'here' | 'gone') =>
      this.#context.core.emit({
        type: 'virtual-entity',
        nPortId,
        wwpn,
        entity,
        tag,
        by: 'UVEM',
        state,
      });
    for (const [entity, tag] of before) if (now.get(entity) !== tag) tell(entity, tag, 'gone');
    for (const [entity, tag] of now) if (before.get(entity) !== tag) tell(entity, tag, 'here');
  }
}

/** Whether a port may give a machine this identifier: it was left to it, and no other machine has it. */
function isFree(taken: ReadonlyMap<string, number>, name: string, localId: number): boolean {
  if (localId < LOCAL_ID_MIN || localId > LOCAL_ID_MAX) return false;
  for (const [other, id] of taken) if (id === localId && other !== name) return false;
  return true;
}
