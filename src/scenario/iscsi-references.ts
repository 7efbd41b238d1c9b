/** What a schema cannot say of iSCSI in a scenario: targets that could not be told apart, moves whose parts exclude each other. */
import type { Complaint, Path } from './origin.ts';
import type { Scenario } from './schema.ts';

const STRATEGY: Path = ['move', 'strategy'];

/** Two portals at one address, two targets of one name, two groups of one tag: initiators could not tell them apart. */
export function* checkTargets({ array }: Scenario): Iterable<Complaint> {
  const names = new Map<string, number>();
  const addresses = new Map<string, Path>();
  for (const [i, { name, portals }] of (array.targets ?? []).entries()) {
    const path = ['array', 'targets', i];
    const same = names.get(name);
    if (same !== undefined)
      yield {
        path: [...path, 'name'],
        what: `${name} is the name of another target`,
        because: [['array', 'targets', same, 'name']],
      };
    names.set(name, i);
    const tags = new Map<number, Path>();
    for (const [j, { group, listen }] of portals.entries()) {
      const at = [...path, 'portals', j];
      const taken = /:0$/.test(listen) ? undefined : addresses.get(listen);
      if (taken !== undefined)
        yield {
          path: [...at, 'listen'],
          what: `${listen} is where another portal listens`,
          because: [taken],
        };
      addresses.set(listen, [...at, 'listen']);
      if (group === undefined) continue;
      const before = tags.get(group);
      if (before !== undefined)
        yield {
          path: [...at, 'group'],
          what: `group ${group} has a portal already; a session has one connection, so each portal is a group of its own`,
          because: [before],
        };
      tags.set(group, [...at, 'group']);
    }
  }
}

/** Sessions of a guest's own go with it: nothing ends them, and nothing has to be fenced. */
export function* checkInGuest({ move, nextMoves }: Scenario): Iterable<Complaint> {
  const because = [STRATEGY];
  if (move.drain === 'crash' || move.drain === 'link-pull') {
    const what = `with strategy in-guest the sessions go with the guest, and drain ${move.drain} destroys them`;
    yield { path: ['move', 'drain'], what, because };
  }
  for (const defence of move.defences) {
    // The default: where nobody logs out, nobody's word is waited for.
    if (defence === 'logo-acknowledged') continue;
    const what = `with strategy in-guest there are no old sessions that defence ${defence} could fence`;
    yield { path: ['move', 'defences'], what, because };
  }
  for (const [i, one] of nextMoves.entries()) {
    const { strategy = move.strategy, vm = move.vm } = one;
    if (vm !== move.vm || strategy === move.strategy) continue;
    const what = `${vm} has its initiator in the guest: strategy ${strategy} would move the host's`;
    yield { path: ['nextMoves', i, 'strategy'], what, because };
  }
}
