/** Whether a destination shows a guest what the source shows it, in words that say where to look. */
import { unitText } from '../history/places.ts';
import { type AttachmentIdentity, identityText, isVhba } from '../host/attachment-identity.ts';
import { isServing } from '../scsi/initiator/access.ts';
import type { LuView } from '../scsi/initiator/multipath.ts';
import type { MovePlan } from './plan.ts';

/** What the words about a move are made from. */
type Named = Pick<MovePlan, 'destination' | 'fabrics' | 'from' | 'source' | 'to' | 'units'>;

/** A name of the destination as people look for it: `c0:50:76:00:00:00:01:01 on fabric A`. */
export function nameAt(
  { fabrics }: Pick<MovePlan, 'fabrics'>,
  identity: AttachmentIdentity,
): string {
  const { port } = identity;
  const fabric = fabrics.find(({ destinationPort }) => destinationPort === port)?.name;
  return `${identityText(identity)}${fabric === undefined ? '' : ` on fabric ${fabric}`}`;
}

/** Several of them, with commas. */
export function namesAt(
  plan: Pick<MovePlan, 'fabrics'>,
  identities: readonly AttachmentIdentity[],
): string {
  return identities.map((one) => nameAt(plan, one)).join(', ');
}

/**
 * Differences between two views that make a move unsafe, in words; empty when there are none. `unreached`: what the
 * destination found and could not log in to, each with why.
 */
export function compareViews(
  plan: Named,
  source: readonly LuView[],
  destination: readonly LuView[],
  unreached: readonly string[] = [],
): string[] {
  if (source.length === 0) return [`no logical unit on ${plan.from}`];
  const why = unreached.length === 0 ? 'not zoned or not masked' : unreached.join(', ');
  const there = new Map(destination.map((one) => [one.luName, one]));
  return source.flatMap((unit) => {
    const other = there.get(unit.luName);
    if (other === undefined) {
      return [
        `${plan.to} does not see ${nameOf(plan, unit, unit.lunNumber)} as ${namesAt(plan, plan.destination)} (${why})`,
      ];
    }
    return notServed(plan, unit, other) ?? differences(plan, unit, other);
  });
}

/** The complaint of a unit whose paths are there and serve nothing; `undefined` where one serves. */
function notServed(plan: Named, unit: LuView, other: LuView): string[] | undefined {
  const { access = [] } = other;
  if (access.length === 0 || access.some(isServing)) return undefined;
  const paths = `${access.length} ${access.length === 1 ? 'path' : 'paths'}`;
  const states = [...new Set(access)].join(' or ');
  const names = namesAt(
    plan,
    plan.destination.filter(({ port }) => other.ports.includes(port)),
  );
  return [
    `${plan.to} has ${paths} to ${nameOf(plan, unit, unit.lunNumber)} as ${names}, but in ${states} state (ALUA): none serves it now`,
  ];
}

function differences(plan: Named, unit: LuView, other: LuView): string[] {
  const name = nameOf(plan, unit, undefined);
  const complaints = otherLuns(plan, unit, other).map(
    ({ expected, identities, lun }) =>
      `${name} is LUN ${expected ?? 'unclear'} on ${plan.from} and LUN ${lun ?? 'unclear'} on ${plan.to} (${namesAt(plan, identities)})`,
  );
  if (other.blocks !== unit.blocks && isSized(unit)) {
    complaints.push(
      `${name} has ${unit.blocks} blocks on ${plan.from} and ${other.blocks} on ${plan.to}`,
    );
  }
  const [here, there] = [fabricsOf(plan, 'source', unit), fabricsOf(plan, 'destination', other)];
  if (there.size < here.size) {
    const missing = plan.destination.filter(({ port }) => !other.ports.includes(port));
    const names =
      missing.length === 0
        ? `${plan.to} has no port on the others`
        : `not as ${namesAt(plan, missing)}`;
    complaints.push(
      `${name} is reached over ${here.size} fabrics on ${plan.from} and over ${there.size} on ${plan.to}: ${names}`,
    );
  }
  return complaints;
}

/** The fabrics over which a unit is reached; a port of which no fabric is known is one of its own. */
function fabricsOf(
  { destination, fabrics, source }: Named,
  side: 'source' | 'destination',
  { ports }: LuView,
): Set<string> {
  const nameOfPort = (port: number): string | undefined => {
    if (side === 'destination') {
      const isPlanned = destination.some((one) => one.port === port);
      return fabrics.find((one) => isPlanned && one.destinationPort === port)?.name;
    }
    const wwpns = source.flatMap((one) => (isVhba(one) && one.port === port ? [one.wwpn] : []));
    return fabrics.find(({ sourceWwpn }) => wwpns.includes(sourceWwpn))?.name;
  };
  return new Set(ports.map((port) => nameOfPort(port) ?? `port ${port}`));
}

/** A LUN of the destination that is not that of the source, and the names that see it so. */
interface OtherLun {
  readonly expected: number | undefined;
  readonly lun: number | undefined;
  readonly identities: AttachmentIdentity[];
}

function otherLuns(plan: Named, unit: LuView, other: LuView): OtherLun[] {
  const found: OtherLun[] = [];
  for (const identity of plan.destination) {
    if (!other.ports.includes(identity.port)) continue;
    const fabric = plan.fabrics.find(({ destinationPort }) => destinationPort === identity.port);
    const origin = plan.source.find((one) => isVhba(one) && one.wwpn === fabric?.sourceWwpn);
    const expected = origin === undefined ? unit.lunNumber : lunAt(unit, origin.port);
    const lun = lunAt(other, identity.port);
    if (lun === expected) continue;
    const known = found.find((one) => one.expected === expected && one.lun === lun);
    if (known === undefined) found.push({ expected, lun, identities: [identity] });
    else known.identities.push(identity);
  }
  return found;
}

/** The LUN of a unit at a port of its host; `undefined` where paths there disagree. */
function lunAt({ lunNumber, luns }: LuView, port: number): number | undefined {
  const there = luns?.find((one) => one.port === port);
  return there === undefined ? lunNumber : there.lunNumber;
}

/** A logical unit by name, LUN and whole identity, as far as they are known. */
function nameOf({ units }: Named, { luName }: LuView, lun: number | undefined): string {
  const name = units?.find((one) => one.luName === luName)?.name;
  const luns = lun === undefined ? [] : [lun];
  if (name !== undefined) return unitText(luName, { name, luns });
  return `${unitText(luName, undefined)}${lun === undefined ? '' : ` (LUN ${lun})`}`;
}

/** A unit whose paths all serve nothing does not tell its size. */
function isSized({ access }: LuView): boolean {
  return access === undefined || access.some(isServing);
}
