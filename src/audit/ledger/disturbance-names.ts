/** What was done to the world, as its owner calls it: whose link was down, which machine fell. */
import type { Disturbance, PlaceIndex } from '../../history/index.ts';
import type { TimeNs } from '../verdict.ts';

/** What befell machines and links, the gravest first: that is named before what is less. */
const GRAVEST_FIRST = ['fall', 'pause', 'down', 'failover', 'slow', 'frames'] as const;
type Kind = (typeof GRAVEST_FIRST)[number];

/** One way in which one machine, guest or link suffered. */
interface Cause {
  readonly kind: Kind;
  /** The machine; of a link, the machines at its ends. */
  readonly whose: string;
  readonly link: string | undefined;
  isOn: boolean;
  lastAt: TimeNs;
}

/** Causes that are named together; of more, only how many they are. */
const NAMED_MAX = 3;

/** Keeps one entry for each machine, link and kind: as many as the world has. */
export class DisturbanceNames {
  readonly #places: PlaceIndex;
  readonly #causes = new Map<string, Cause>();

  constructor(places: PlaceIndex) {
    this.#places = places;
  }

  /** Something was done to the world. */
  disturb(at: TimeNs, node: string, event: Disturbance): void {
    switch (event.type) {
      case 'link-down':
        this.#ofLink(at, 'down', event.link).isOn = true;
        return;
      case 'link-up':
        this.#ofLink(at, 'down', event.link).isOn = false;
        return;
      case 'link-slow':
        this.#ofLink(at, 'slow', event.link);
        return;
      case 'frame-hit':
        this.#ofLink(at, 'frames', event.link);
        return;
      case 'node-crashed':
        this.#note(at, 'fall', node).isOn = true;
        return;
      case 'node-paused':
        this.#note(at, 'pause', node).isOn = true;
        return;
      case 'node-started':
        this.#started(at, node);
        return;
      case 'target-port-moved':
        this.#note(at, 'failover', node);
    }
  }

  /** A guest was lost with the host that held its memory. */
  lose(at: TimeNs, vm: string): void {
    this.#note(at, 'fall', vm);
  }

  /** Everything that was done after this moment or is still on, in words; `undefined` for nothing. */
  since(at: TimeNs): string | undefined {
    const some = [...this.#causes.values()].filter((one) => one.isOn || one.lastAt >= at);
    const words = GRAVEST_FIRST.flatMap((kind) => {
      const alike = some.filter((one) => one.kind === kind);
      return [...new Set(alike.map(({ whose }) => whose))].map((whose) =>
        wordsOf(kind, whose, alike.filter((one) => one.whose === whose).length),
      );
    });
    if (words.length === 0) return undefined;
    const more = words.length - NAMED_MAX;
    const named = words.slice(0, NAMED_MAX);
    return listOf(more > 0 ? [...named, `${more} more`] : named);
  }

  #started(at: TimeNs, node: string): void {
    const known = (['fall', 'pause'] as const).flatMap((kind) => {
      const cause = this.#causes.get(`${kind} ${node}`);
      return cause?.isOn === true ? [cause] : [];
    });
    // One of which nobody has heard that it stopped.
    for (const cause of known.length > 0 ? known : [this.#note(at, 'pause', node)]) {
      cause.isOn = false;
      cause.lastAt = at;
    }
  }

  #ofLink(at: TimeNs, kind: Kind, link: string): Cause {
    const ends = this.#places.endsOf(link);
    const outside = ends.filter(({ node }) => this.#places.kindOf(node) !== 'switch');
    const nodes = (outside.length > 0 ? outside : ends).map(({ node }) => node);
    return this.#note(at, kind, nodes.length === 0 ? link : listOf(nodes), link);
  }

  #note(at: TimeNs, kind: Kind, whose: string, link?: string): Cause {
    const key = `${kind} ${link ?? whose}`;
    let cause = this.#causes.get(key);
    if (cause === undefined) {
      cause = { kind, whose, link, isOn: false, lastAt: at };
      this.#causes.set(key, cause);
    }
    cause.lastAt = at;
    return cause;
  }
}

function wordsOf(kind: Kind, whose: string, links: number): string {
  const link = links > 1 ? `the ${links} links of ${whose}` : `the link of ${whose}`;
  switch (kind) {
    case 'down':
      return `${link} that ${links > 1 ? 'were' : 'was'} down`;
    case 'slow':
      return `${link} that ${links > 1 ? 'were' : 'was'} slow`;
    case 'frames':
      return `frames that were lost or changed on ${link}`;
    case 'failover':
      return `the failover of a port of ${whose}`;
    default:
      return `the ${kind} of ${whose}`;
  }
}

function listOf(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
