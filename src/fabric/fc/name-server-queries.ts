/** Name server queries: answers about the ports that the asker sees. Source: FC-GS-7, name server. */
import {
  CtReason,
  type CtRequest,
  EntryControl,
  NameServerExplanation as Explanation,
  fc4TypeMap,
  gaNxtAccept,
  gcsIdAccept,
  gffIdAccept,
  gfpnIdAccept,
  gftIdAccept,
  gidFfAccept,
  gidFtAccept,
  gidNnAccept,
  gidPnAccept,
  gidPtAccept,
  gnnFtAccept,
  gnnIdAccept,
  gpnFtAccept,
  gpnIdAccept,
  gpnNnAccept,
  gptIdAccept,
  gsnnNnAccept,
  gspnIdAccept,
  NameServerPortType,
} from '../../codecs/ct/index.ts';
import type { FcId, Wwn } from '../../codecs/layout/index.ts';
import type { FabricContext } from './context.ts';
import { accepted, type CtAnswer, refused } from './ct-answer.ts';
import type { Login } from './logins.ts';
import type { NameServerDatabase } from './name-server-database.ts';
import { fc4FeaturesMap } from './name-server-object.ts';

/** Queries about one port, by its identifier. */
type ByPortId = Extract<CtRequest, { kind: `G${string}_ID` }>;
/** Part of the fabric that a query is confined to; 0 for all domains or areas. */
interface Scope {
  readonly domainIdScope: number;
  readonly areaIdScope: number;
}

const unable = (explanation: number): CtAnswer => refused(CtReason.UNABLE_TO_PERFORM, explanation);

/** Entries of a list, the last one marked. */
function entries<T>(ports: readonly Login[], more: (port: Login) => T) {
  return ports.map((port, index) => ({
    control: index === ports.length - 1 ? EntryControl.LAST : 0,
    portId: port.nPortId,
    ...more(port),
  }));
}

const ids = (ports: readonly Login[]) => entries(ports, () => ({}));
const withPortName = (ports: readonly Login[]) =>
  entries(ports, (port) => ({ reserved1: 0, portName: port.wwpn }));
const withNodeName = (ports: readonly Login[]) =>
  entries(ports, (port) => ({ reserved1: 0, nodeName: port.object.nodeName }));

/** Answers queries, always from what the asker may see: a port outside its zones does not exist for it. */
export class NameServerQueries {
  readonly #context: FabricContext;
  readonly #database: NameServerDatabase;

  constructor(context: FabricContext, database: NameServerDatabase) {
    this.#context = context;
    this.#database = database;
  }

  answer(asker: Login, request: CtRequest): CtAnswer {
    switch (request.kind) {
      case 'GA_NXT':
        return this.#next(asker, request.portId);
      case 'GPN_ID':
      case 'GNN_ID':
      case 'GCS_ID':
      case 'GFT_ID':
      case 'GSPN_ID':
      case 'GPT_ID':
      case 'GFPN_ID':
      case 'GHA_ID':
      case 'GFF_ID': {
        const port = this.#context.logins.byId(request.portId);
        if (port === undefined || !this.#context.zones.permits(asker, port))
          return unable(Explanation.PORT_IDENTIFIER_NOT_REGISTERED);
        return this.#aboutPort(port, request);
      }
      case 'GID_PN': {
        const port = this.#context.logins.byWwpn(request.portName);
        if (port === undefined || !this.#context.zones.permits(asker, port))
          return unable(Explanation.PORT_NAME_NOT_REGISTERED);
        return accepted(gidPnAccept.encode({ portId: port.nPortId }));
      }
      case 'GID_NN':
      case 'GPN_NN':
      case 'GSNN_NN':
        return this.#aboutNode(asker, request.kind, request.nodeName);
      case 'GID_FT':
      case 'GPN_FT':
      case 'GNN_FT':
        return this.#byType(asker, request);
      case 'GID_FF':
        return this.#byFeatures(asker, request);
      case 'GID_PT':
        return this.#byPortType(asker, request);
      default:
        return refused(CtReason.COMMAND_NOT_SUPPORTED);
    }
  }

  #aboutPort(port: Login, request: ByPortId): CtAnswer {
    const { object } = port;
    switch (request.kind) {
      case 'GPN_ID':
        return accepted(gpnIdAccept.encode({ portName: port.wwpn }));
      case 'GNN_ID':
        return accepted(gnnIdAccept.encode({ nodeName: object.nodeName }));
      case 'GCS_ID':
        return accepted(gcsIdAccept.encode({ classOfService: object.classOfService }));
      case 'GPT_ID':
        return accepted(gptIdAccept.encode({ portType: object.portType }));
      case 'GFPN_ID':
        return accepted(gfpnIdAccept.encode({ fabricPortName: this.#portName(port) }));
      case 'GFT_ID':
        if (object.fc4Types.length === 0) return unable(Explanation.FC4_TYPES_NOT_REGISTERED);
        return accepted(gftIdAccept.encode({ fc4Types: fc4TypeMap(object.fc4Types) }));
      case 'GFF_ID':
        if (object.fc4Features.size === 0) return unable(Explanation.FC4_FEATURES_NOT_REGISTERED);
        return accepted(gffIdAccept.encode({ fc4Features: fc4FeaturesMap(object.fc4Features) }));
      case 'GSPN_ID':
        if (object.symbolicPortName === '')
          return unable(Explanation.SYMBOLIC_PORT_NAME_NOT_REGISTERED);
        return accepted(gspnIdAccept.encode({ name: object.symbolicPortName }));
      case 'GHA_ID':
        return unable(Explanation.HARD_ADDRESS_NOT_REGISTERED);
      default:
        return refused(CtReason.COMMAND_NOT_SUPPORTED);
    }
  }

  #aboutNode(asker: Login, kind: 'GID_NN' | 'GPN_NN' | 'GSNN_NN', nodeName: Wwn): CtAnswer {
    const ports = this.#database
      .portsOf(nodeName)
      .filter((port) => this.#context.zones.permits(asker, port));
    if (ports.length === 0) return unable(Explanation.NODE_NAME_NOT_REGISTERED);
    if (kind === 'GID_NN') return accepted(gidNnAccept.encode({ ports: ids(ports) }));
    if (kind === 'GPN_NN') return accepted(gpnNnAccept.encode({ ports: withPortName(ports) }));
    const name = this.#database.symbolicNodeName(nodeName);
    if (name === '') return unable(Explanation.SYMBOLIC_NODE_NAME_NOT_REGISTERED);
    return accepted(gsnnNnAccept.encode({ name }));
  }

  #byType(
    asker: Login,
    request: Extract<CtRequest, { kind: 'GID_FT' | 'GPN_FT' | 'GNN_FT' }>,
  ): CtAnswer {
    const all = this.#database.withType(asker, request.fc4Type);
    const ports = this.#inScope(all, request);
    // An initiator takes this explanation, and no other, for "nobody there yet".
    if (all.length === 0) return unable(Explanation.FC4_TYPES_NOT_REGISTERED);
    if (ports.length === 0) return unable(Explanation.NO_OBJECT_REGISTERED_IN_SCOPE);
    if (request.kind === 'GID_FT') return accepted(gidFtAccept.encode({ ports: ids(ports) }));
    if (request.kind === 'GPN_FT')
      return accepted(gpnFtAccept.encode({ ports: withPortName(ports) }));
    return accepted(gnnFtAccept.encode({ ports: withNodeName(ports) }));
  }

  #byFeatures(asker: Login, request: Extract<CtRequest, { kind: 'GID_FF' }>): CtAnswer {
    const { fc4Type, fc4Features } = request;
    const wanted = fc4Features & 0xf;
    const ports = this.#inScope(this.#database.withType(asker, fc4Type), request).filter(
      (port) => ((port.object.fc4Features.get(fc4Type) ?? 0) & wanted) === wanted,
    );
    if (ports.length === 0) return unable(Explanation.FC4_FEATURES_NOT_REGISTERED);
    return accepted(gidFfAccept.encode({ ports: ids(ports) }));
  }

  #byPortType(asker: Login, request: Extract<CtRequest, { kind: 'GID_PT' }>): CtAnswer {
    const { portType } = request;
    const anyNxPort = portType === NameServerPortType.NX_PORT;
    const matches = (type: number) => (anyNxPort ? type < 0x80 : type === portType);
    const ports = this.#inScope(this.#database.withPortType(asker, matches), request);
    if (ports.length === 0) return unable(Explanation.PORT_TYPE_NOT_REGISTERED);
    return accepted(gidPtAccept.encode({ ports: ids(ports) }));
  }

  #next(asker: Login, portId: FcId): CtAnswer {
    const { logins, zones } = this.#context;
    const port = logins.nextAfter(portId, (one) => zones.permits(asker, one));
    if (port === undefined) return unable(Explanation.DATABASE_EMPTY);
    const { object } = port;
    const nodeSymbol = this.#database.symbolicNodeName(object.nodeName);
    return accepted(
      gaNxtAccept.encode({
        portType: object.portType,
        portId: port.nPortId,
        portName: port.wwpn,
        symbolicPortNameLengthBytes: object.symbolicPortName.length,
        symbolicPortName: object.symbolicPortName,
        nodeName: object.nodeName,
        symbolicNodeNameLengthBytes: nodeSymbol.length,
        symbolicNodeName: nodeSymbol,
        classOfService: object.classOfService,
        fc4Types: fc4TypeMap(object.fc4Types),
        fabricPortName: this.#portName(port),
      }),
    );
  }

  #portName(port: Login): Wwn {
    return this.#context.ports[port.port]!.portName;
  }

  #inScope(ports: readonly Login[], { domainIdScope, areaIdScope }: Scope): readonly Login[] {
    if (domainIdScope === 0) return ports;
    return ports.filter(
      ({ nPortId }) =>
        nPortId >>> 16 === domainIdScope &&
        (areaIdScope === 0 || ((nPortId >>> 8) & 0xff) === areaIdScope),
    );
  }
}
