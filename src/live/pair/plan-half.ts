/** Which array of a scenario with stretched units a server is, by the fabrics that the other server has. */
import type { LoadedScenario } from '../../scenario/load.ts';
import { formatOrigin } from '../../scenario/origin.ts';
import {
  type ArrayNode,
  adapterPortsOf,
  nodesOf,
  type Topology,
  targetPortsOf,
} from '../../scenario/topology.ts';
import {
  formatPlace,
  isSamePlace,
  type ListenAddress,
  ListenError,
  type ListenPlace,
} from '../listen-address.ts';
import type { PlanOptions } from '../plan.ts';
import type { HalfPlan } from './half.ts';
import type { PeerAddress, StreamPlace } from './place.ts';

/** The nodes here: the switches that no peer has, and the array whose target ports are in their fabrics. Errors: `ListenError`. */
export function halfTopology(
  { origins, scenario }: LoadedScenario,
  topology: Topology,
  peers: readonly PeerAddress[],
): Topology {
  if (scenario.array.stretched === undefined)
    throw new ListenError(
      `serve: --peer: the units of this scenario have one leg (${formatOrigin(origins.of(['array']))}); say array: { stretched: … }, or leave --peer out`,
    );
  const known = topology.fabrics.map(({ name }) => name);
  for (const { fabric } of peers)
    if (!known.includes(fabric))
      throw new ListenError(
        `serve: --peer ${fabric}=: there is no fabric ${fabric}; there is ${known.join(', ')}`,
      );
  const elsewhere = new Set(peers.map(({ fabric }) => fabric));
  const here = nodesOf(topology, 'array').filter((array) =>
    targetPortsOf(array).every(({ fabric }) => !elsewhere.has(fabric)),
  );
  const [array] = here;
  if (array === undefined || here.length > 1)
    throw new ListenError(
      `serve: --peer ${[...elsewhere].join(', ')}: ${here.length === 0 ? 'no array has' : 'both arrays have'} all its target ports in fabrics that are here; name those of one array`,
    );
  const nodes = topology.nodes.filter(
    (node) => node === array || (node.kind === 'switch' && !elsewhere.has(node.fabric)),
  );
  const names = new Set(nodes.map(({ name }) => name));
  return {
    ...topology,
    nodes,
    cables: topology.cables.filter(({ ends }) => ends.every(({ node }) => names.has(node))),
  };
}

/** Cables and witness of a half. Errors: `ListenError` for what does not go with one. */
export function halfPlanOf(
  { origins, scenario }: LoadedScenario,
  topology: Topology,
  options: PlanOptions,
): HalfPlan {
  const { luns, peers = [], witness } = options;
  const { array, fabrics } = scenario;
  const [node] = nodesOf(topology, 'array');
  const first = targetPortsOf(node!).length;
  const cables = adapterPortsOf(node!)
    .slice(first)
    .map(({ fabric }, i) => {
      const found = peers.find((one) => one.fabric === fabric);
      if (found === undefined)
        throw new ListenError(`serve: where is fabric ${fabric}? say --peer ${fabric}=ADDRESS`);
      return { ...found, port: first + i };
    });
  if (fabrics.length === cables.length)
    throw new ListenError('serve: --peer: every fabric is elsewhere; leave those of one array out');
  if (array.stretched?.winner === 'witness' && witness === undefined)
    throw new ListenError(
      `serve: a witness says who goes on (${formatOrigin(origins.of(['array', 'stretched', 'winner']))}); say --witness ADDRESS, where sanmotion witness listens`,
    );
  if (array.stretched?.winner !== 'witness' && witness !== undefined)
    throw new ListenError(
      `serve: --witness: nobody is asked who goes on (${formatOrigin(origins.of(['array', 'stretched', 'winner']))}: winner is ${array.stretched?.winner}); leave --witness out, or say winner: witness`,
    );
  const isFile =
    luns.some(({ kind }) => kind === 'file') || array.luns.some(({ file }) => file !== undefined);
  if (isFile)
    throw new ListenError(
      'serve: --peer: a leg is in memory, and comes from the other array after a restart; give sizes, no files',
    );
  const others = [options.services, options.nbd, options.lan].some((one) => (one?.length ?? 0) > 0);
  if (others || options.iscsi !== undefined || array.targets !== undefined)
    throw new ListenError('serve: --peer: units with two legs are served over FCoE alone');
  return { cables, ...(witness === undefined ? {} : { witness }) };
}

/** A server by itself asks no witness. Errors: `ListenError`. */
export function refuseWitness(witness: StreamPlace | undefined): void {
  if (witness !== undefined)
    throw new ListenError(
      'serve: --witness: one of two servers with a leg each asks it; say --peer FABRIC=ADDRESS, where the other one is, or leave --witness out',
    );
}

/** The other server and the witness are other programs than this one, and than each other. Errors: `ListenError`. */
export function checkElsewhere(
  { peers = [], witness }: Pick<PlanOptions, 'peers' | 'witness'>,
  listen: readonly ListenAddress[],
): void {
  const taken: { readonly what: string; readonly place: ListenPlace }[] = listen.map(
    ({ place }) => ({ what: 'this server itself listens', place }),
  );
  const asked = [
    ...peers.map(({ fabric, place }) => ({ option: '--peer', fabric, place })),
    ...(witness === undefined ? [] : [{ option: '--witness', fabric: undefined, place: witness }]),
  ];
  for (const { fabric, option, place } of asked) {
    const name = `${fabric === undefined ? '' : `${fabric}=`}${formatPlace(place)}`;
    const other = taken.find((one) => isSamePlace(one.place, place));
    if (other !== undefined)
      throw new ListenError(
        `serve: ${option} ${name}: that is where ${other.what}; give the address of the other ${fabric === undefined ? 'program: sanmotion witness' : 'serve'}`,
      );
    taken.push({ what: `fabric ${fabric} is`, place });
  }
}

/** The witness has had its time by then. */
const SILENCES_WAITED = 2;

/**
 * An array of a pair in a process: by the name of its life, of which nothing outlasts the process; and hosts on a clock are
 * not left waiting. Linux takes a disk offline after two commands that had no answer for 30 s each.
 */
export function aliveOf(array: ArrayNode): ArrayNode {
  const { pair } = array;
  if (pair === undefined) return array;
  const life = `${Date.now().toString(36)}-${process.pid}`;
  const waitsNs = SILENCES_WAITED * pair.silenceNs;
  return { ...array, pair: { ...pair, life, waitsNs, tellsAnswers: true } };
}
