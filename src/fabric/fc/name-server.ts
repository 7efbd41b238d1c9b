/**
 * Name server (FFFFFCh): which ports there are, their names and what they speak, as far as the
 * asker's zones let it see. Registrations are taken from the port itself only.
 * Source: FC-GS-7, name server.
 */
import {
  CtReason,
  type CtRequest,
  fc4TypesOf,
  NameServerExplanation,
} from '../../codecs/ct/index.ts';
import { RscnEventQualifier } from '../../codecs/els/index.ts';
import type { FcId } from '../../codecs/layout/index.ts';
import type { FabricContext } from './context.ts';
import { accepted, type CtAnswer, refused } from './ct-answer.ts';
import type { FabricController } from './fabric-controller.ts';
import type { Login } from './logins.ts';
import type { NameServerDatabase } from './name-server-database.ts';
import { newNameServerObject } from './name-server-object.ts';
import { NameServerQueries } from './name-server-queries.ts';

/** A registration by port identifier, or the removal of all of a port's objects. */
type ByPortId = Extract<CtRequest, { kind: `R${string}_ID` | 'DA_ID' }>;

const { ACCESS_DENIED, PORT_IDENTIFIER_NOT_REGISTERED, NODE_NAME_NOT_REGISTERED } =
  NameServerExplanation;

const FC4_TYPES_BYTES = 32;

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean =>
  a === b || (a.length === b.length && a.every((value, index) => value === b[index]));

/** The name server of one fabric: registrations here, queries in `NameServerQueries`. */
export class NameServer {
  readonly #context: FabricContext;
  readonly #database: NameServerDatabase;
  readonly #queries: NameServerQueries;
  readonly #fabricController: FabricController;
  #lastMap = new Uint8Array(FC4_TYPES_BYTES);
  #lastTypes: readonly number[] = [];

  constructor(
    context: FabricContext,
    database: NameServerDatabase,
    fabricController: FabricController,
  ) {
    this.#context = context;
    this.#database = database;
    this.#queries = new NameServerQueries(context, database);
    this.#fabricController = fabricController;
  }

  /** Answers a request of a port that is logged in with the server. */
  answer(asker: Login, request: CtRequest): CtAnswer {
    switch (request.kind) {
      case 'RNN_ID':
      case 'RFT_ID':
      case 'RSPN_ID':
      case 'RPT_ID':
      case 'RCS_ID':
      case 'RFF_ID':
      case 'RPN_ID':
      case 'DA_ID': {
        const refusal = this.#refuseForeign(asker, request.portId);
        return refusal ?? this.#register(asker, request);
      }
      case 'RSNN_NN':
        if (request.nodeName !== asker.object.nodeName)
          return refused(CtReason.UNABLE_TO_PERFORM, NODE_NAME_NOT_REGISTERED);
        this.#database.setSymbolicNodeName(request.nodeName, request.name);
        return accepted();
      default:
        return this.#queries.answer(asker, request);
    }
  }

  /** A port speaks for itself alone. */
  #refuseForeign(asker: Login, portId: FcId): CtAnswer | undefined {
    if (portId === asker.nPortId) return undefined;
    const known = this.#context.logins.byId(portId) !== undefined;
    return refused(
      CtReason.UNABLE_TO_PERFORM,
      known ? ACCESS_DENIED : PORT_IDENTIFIER_NOT_REGISTERED,
    );
  }

  #register(asker: Login, request: ByPortId): CtAnswer {
    const { object } = asker;
    switch (request.kind) {
      case 'RNN_ID':
        this.#database.setNodeName(asker, request.nodeName);
        return accepted();
      case 'RSPN_ID':
        object.symbolicPortName = request.name;
        return accepted();
      case 'RPT_ID':
        object.portType = request.portType;
        return accepted();
      case 'RCS_ID':
        object.classOfService = request.classOfService;
        return accepted();
      case 'RFT_ID':
        this.#setTypes(asker, this.#typesOf(request.fc4Types));
        return accepted();
      case 'RFF_ID':
        this.#setFeatures(asker, request.fc4Type, request.fc4Features & 0xf);
        return accepted();
      case 'RPN_ID':
        // The name a port logged in with is who it is; zones and duplicates rest on it.
        if (request.portName === asker.wwpn) return accepted();
        return refused(CtReason.UNABLE_TO_PERFORM, ACCESS_DENIED);
      case 'DA_ID':
        this.#setTypes(asker, []);
        Object.assign(object, newNameServerObject(object.nodeName));
        return accepted();
      default:
        return refused(CtReason.COMMAND_NOT_SUPPORTED);
    }
  }

  /** Ports of a kind register the same map: one list serves them all. */
  #typesOf(map: Uint8Array): readonly number[] {
    if (!this.#lastMap.every((byte, i) => byte === map[i])) {
      this.#lastMap = map.slice();
      this.#lastTypes = fc4TypesOf(map);
    }
    return this.#lastTypes;
  }

  #setTypes(port: Login, fc4Types: readonly number[]): void {
    if (sameNumbers(port.object.fc4Types, fc4Types)) return;
    port.object.fc4Types = fc4Types;
    this.#context.core.emit({ type: 'registered', nPortId: port.nPortId, fc4Types });
    this.#changed(port);
  }

  #setFeatures(port: Login, type: number, features: number): void {
    const { object } = port;
    if ((object.fc4Features.get(type) ?? 0) === features) return;
    object.fc4Features = new Map(object.fc4Features).set(type, features);
    if (object.fc4Types.length > 0) this.#changed(port);
  }

  #changed(port: Login): void {
    this.#fabricController.noteChange(port, RscnEventQualifier.CHANGED_NAME_SERVER_OBJECT);
  }
}
