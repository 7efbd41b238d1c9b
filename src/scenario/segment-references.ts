/** What a schema cannot say of a fabric with several FCFs, or with an N_Port virtualizer. */
import type { Complaint, Path } from './origin.ts';
import type { Scenario } from './schema.ts';

/** Several FCFs in a fabric's Ethernet segment: whose they are, and who would choose among them. */
export function* checkSegments({ fabrics, move }: Scenario): Iterable<Complaint> {
  const names = fabrics.map(({ name }) => name);
  for (const [i, { domain, furtherFcfs, name, npv, vlan }] of fabrics.entries()) {
    if (npv !== undefined && move.strategy === 'handoff') {
      const what = `strategy handoff carries a login from port to port of a switch, and behind an N_Port virtualizer all hosts of fabric ${name} are at one`;
      yield { path: ['fabrics', i, 'npv'], what, because: [['move', 'strategy']] };
    }
    if (furtherFcfs === undefined) continue;
    const of = (k: number, key: string): Path => ['fabrics', i, 'furtherFcfs', k, key];
    const domains = new Map([[domain, ['fabrics', i, 'domain'] as Path]]);
    for (const [k, one] of furtherFcfs.entries()) {
      const { fabric, plugged } = one;
      const other = domains.get(one.domain);
      if (fabric === undefined && other !== undefined) {
        const what = `domain ${one.domain} is there twice in fabric ${name}`;
        yield { path: of(k, 'domain'), what, because: [other] };
      } else if (fabric === undefined) domains.set(one.domain, of(k, 'domain'));
      if (fabric === undefined) continue;
      if (names.includes(fabric)) {
        const what = `fabric ${fabric} has a switch of its own here: another fabric in the segment of ${name} has a name of its own`;
        yield {
          path: of(k, 'fabric'),
          what,
          because: [['fabrics', names.indexOf(fabric), 'name']],
        };
      } else if (plugged && (one.vlan ?? vlan) === vlan) {
        const what = `two fabrics in VLAN ${vlan} from the beginning: no port chooses one; give it another vlan, or plugged: false and an event that plugs it in`;
        yield { path: of(k, 'fabric'), what };
      }
    }
    const asks =
      ['proxy', 'handoff'].includes(move.strategy) || move.defences.includes('acl-first');
    if (!asks) continue;
    const what = `fabric ${name} has several switches, and a mover that has them do something (proxy, handoff, acl-first) speaks with one`;
    yield { path: ['fabrics', i, 'furtherFcfs'], what, because: [['move']] };
  }
}
