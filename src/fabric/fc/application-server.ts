/**
 * The application server: ports say which virtual machines are behind them and are told the identifier that tags
 * each one's frames (VMID). A machine keeps its identifier wherever it goes.
 *
 * Ownership: what a port has registered is kept in its login and goes with it; the server keeps which identifier a
 * machine has, until it needs the room for another.
 * Source: FC-GS-8, application server; Linux lpfc, lpfc_vmid_cmd.
 */
import {
  ApplicationExplanation,
  type ApplicationIdentifierEntry,
  applicationAccepts,
  CtReason,
  type CtRequest,
  EntryControl,
} from '../../codecs/ct/index.ts';
import type { FcId } from '../../codecs/layout/index.ts';
import type { FabricContext } from './context.ts';
import { accepted, type CtAnswer, refused } from './ct-answer.ts';
import type { Login } from './logins.ts';

/** Machines that have an identifier, and those behind one port. */
const MACHINES_MAX = 65_536;
const MACHINES_OF_A_PORT_MAX = 256;

type Registration = Extract<CtRequest, { kind: 'RAPP_IDENT' | 'DAPP_IDENT' }>;
interface Application {
  readonly portId: FcId;
  readonly applicationId: number;
  readonly identifier: string;
}

/** Registers and tells. */
export class ApplicationServer {
  readonly #context: FabricContext;
  /** By name, the one that was asked for last behind the others. */
  readonly #identifiers = new Map<string, number>();
  #last = 0;

  constructor(context: FabricContext) {
    this.#context = context;
  }

  /** Machines that have an identifier. */
  get size(): number {
    return this.#identifiers.size;
  }

  /** A request for it. */
  answer(login: Login, request: CtRequest): CtAnswer {
    switch (request.kind) {
      case 'RAPP_IDENT':
        return this.#register(login, request);
      case 'DAPP_IDENT':
        return this.#deregister(login, request);
      case 'DALLAPP_ID': {
        if (request.portId !== login.nPortId) return refused(CtReason.UNABLE_TO_PERFORM);
        for (const name of [...login.applications.keys()]) this.#remove(login, name);
        return accepted(applicationAccepts.DALLAPP_ID.encode({}));
      }
      case 'GALLAPPIA':
        return this.#list('GALLAPPIA', this.#seenBy(login));
      case 'GALLAPPIA_ID':
        return this.#list(
          'GALLAPPIA_ID',
          this.#seenBy(login).filter(({ nPortId }) => nPortId === request.portId),
        );
      default:
        return refused(CtReason.COMMAND_NOT_SUPPORTED);
    }
  }

  /** A power cycle. */
  clear(): void {
    this.#identifiers.clear();
  }

  #register(login: Login, { portId, entities }: Registration): CtAnswer {
    const names = new Set(entities.map(({ identifier }) => nameOf(identifier)));
    const news = [...names].filter((name) => !login.applications.has(name));
    if (portId !== login.nPortId || names.has('')) return refused(CtReason.UNABLE_TO_PERFORM);
    if (login.applications.size + news.length > MACHINES_OF_A_PORT_MAX) return NOT_AVAILABLE;
    for (const name of news) {
      const tag = this.#identifierOf(name);
      if (tag === undefined) return NOT_AVAILABLE;
      login.applications.set(name, tag);
      this.#tell(login, name, tag, 'here');
    }
    return accepted(
      applicationAccepts.RAPP_IDENT.encode({
        applications: [...names].map((name) => applicationOf(login, name)),
      }),
    );
  }

  #deregister(login: Login, { portId, entities }: Registration): CtAnswer {
    if (portId !== login.nPortId) return refused(CtReason.UNABLE_TO_PERFORM);
    const names = new Set(entities.map(({ identifier }) => nameOf(identifier)));
    const known = [...names].filter((name) => login.applications.has(name));
    const applications = known.map((name) => applicationOf(login, name));
    for (const name of known) this.#remove(login, name);
    return accepted(applicationAccepts.DAPP_IDENT.encode({ applications }));
  }

  #list(kind: 'GALLAPPIA' | 'GALLAPPIA_ID', logins: readonly Login[]): CtAnswer {
    const all = logins.flatMap((one) =>
      [...one.applications.keys()].map((name) => applicationOf(one, name)),
    );
    if (all.length === 0) return NOT_AVAILABLE;
    const applications = all.map(
      (one, index): Omit<ApplicationIdentifierEntry, 'identifierLengthBytes'> => ({
        control: index === all.length - 1 ? EntryControl.LAST : 0,
        reserved1: 0,
        reserved2: 0,
        ...one,
      }),
    );
    return accepted(applicationAccepts[kind].encode({ applications }));
  }

  #seenBy(login: Login): Login[] {
    return [...this.#context.zones.visibleTo(login)];
  }

  #remove(login: Login, name: string): void {
    const tag = login.applications.get(name)!;
    login.applications.delete(name);
    this.#tell(login, name, tag, 'gone');
  }

  /** The one that it has, else a new one; `undefined` where all are somebody's. */
  #identifierOf(name: string): number | undefined {
    const known = this.#identifiers.get(name);
    if (known === undefined && this.#identifiers.size >= MACHINES_MAX && !this.#makeRoom())
      return undefined;
    const tag = known ?? ++this.#last;
    this.#identifiers.delete(name);
    this.#identifiers.set(name, tag);
    return tag;
  }

  /** Forgets the machine that was asked for longest ago, of those that are behind no port. */
  #makeRoom(): boolean {
    const inUse = new Set<string>();
    for (const { applications } of this.#context.logins.all())
      for (const name of applications.keys()) inUse.add(name);
    for (const name of this.#identifiers.keys()) {
      if (inUse.has(name)) continue;
      this.#identifiers.delete(name);
      return true;
    }
    return false;
  }

  #tell({ nPortId, wwpn }: Login, entity: string, tag: number, state: 'here' | 'gone'): void {
    const by = 'application server';
    this.#context.core.emit({ type: 'virtual-entity', nPortId, wwpn, entity, tag, by, state });
  }
}

const NOT_AVAILABLE = refused(
  CtReason.UNABLE_TO_PERFORM,
  ApplicationExplanation.APPLICATION_ID_NOT_AVAILABLE,
);

/** What stands in front of the zeros. */
const nameOf = (identifier: string): string => identifier.replace(/\0+$/, '');

const applicationOf = (login: Login, identifier: string): Application => ({
  portId: login.nPortId,
  applicationId: login.applications.get(identifier)!,
  identifier,
});
