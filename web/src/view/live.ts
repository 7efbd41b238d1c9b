/** What a running `serve` does: it is asked for its state once a second. */
import type { Verdict } from '../../../src/audit/verdict.ts';
import { type Child, count, fill, h, table } from '../dom.ts';

/** Milliseconds between two questions. */
const ASK_EVERY_MS = 1000;
const MEGABYTE = 1024 * 1024;

interface Link {
  readonly link: string;
  readonly targetPort?: number;
  readonly address?: string;
  readonly up: boolean;
  readonly disabled: boolean;
  readonly frames: { readonly in: number; readonly out: number };
  readonly framesDropped?: number;
}

interface Fabric {
  readonly fabric: string;
  readonly logins: number;
  readonly forwarded: number;
  readonly served: number;
  readonly dropped: Readonly<Record<string, number>>;
  readonly links: readonly Link[];
}

interface Exchange {
  readonly fabric: string;
  readonly originator: string;
  readonly responder: string;
  readonly oxId: number;
  readonly command: string;
  readonly lun?: string;
  readonly lba?: string;
  readonly blocks?: number;
  readonly status: string;
  readonly atMs: number;
  readonly tookMs: number;
}

interface Counts {
  readonly opened: number;
  readonly completed: number;
  readonly aborted: number;
  readonly unanswered: number;
}

/** What `serve` answers, as far as it is shown. */
interface State {
  readonly upMs: number;
  readonly fabrics: readonly Fabric[];
  readonly units: readonly {
    readonly name: string;
    readonly bytes: number;
    readonly tasks: number;
  }[];
  readonly logins: readonly {
    readonly fabric: string;
    readonly wwpn: string;
    readonly name?: string;
    readonly symbolicName?: string;
    readonly nPortId: string;
    readonly by: string;
    readonly link: string;
    readonly sinceMs: number;
  }[];
  readonly nexuses: readonly {
    readonly fabric: string;
    readonly targetPort: number;
    readonly wwpn: string;
    readonly nPortId: string;
    readonly tasks: number;
  }[];
  readonly faults: readonly {
    readonly name: string;
    readonly link: string;
    readonly applied: number;
    readonly action: { readonly kind: string };
  }[];
  readonly exchanges: {
    readonly counts: Readonly<Record<string, Counts>>;
    readonly last: readonly Exchange[];
  };
  readonly verdict: readonly Verdict[];
}

const seconds = (ms: number): string => `${count(Math.floor(ms / 1000))} s`;

/** A part of the page that is drawn anew only where it has changed: what is selected in the others stays. */
class Part {
  readonly element = h('div');
  #drawn = '';

  draw(from: unknown, drawn: () => Child): void {
    const text = JSON.stringify(from);
    if (text === this.#drawn) return;
    this.#drawn = text;
    const wasOpen = [...this.element.querySelectorAll('details')].map(({ open }) => open);
    fill(this.element, drawn());
    for (const [i, one] of this.element.querySelectorAll('details').entries())
      one.open = wasOpen[i] ?? false;
  }
}

/** Puts the view into a section, and begins to ask. */
export function liveView(section: HTMLElement): void {
  const state = h('p', { class: 'faint', id: 'live-state' });
  const lost = h('p', { class: 'violated', role: 'alert' });
  const [verdict, logins, links, exchanges, faults, units] = Array.from(
    { length: 6 },
    () => new Part(),
  ) as [Part, Part, Part, Part, Part, Part];
  const parts = [verdict, logins, links, exchanges, faults, units];
  fill(
    section,
    state,
    lost,
    parts.map(({ element }) => element),
  );

  function show(now: State): void {
    state.textContent = `up for ${seconds(now.upMs)}; asked once a second`;
    verdict.draw(now.verdict, () => verdictPart(now.verdict));
    logins.draw([now.logins, now.nexuses], () => loginsPart(now));
    links.draw(now.fabrics, () => linksPart(now.fabrics));
    exchanges.draw(now.exchanges, () => exchangesPart(now.exchanges));
    faults.draw(now.faults, () => faultsPart(now.faults));
    units.draw(now.units, () =>
      listed(
        'Logical units',
        ['unit', 'size', 'commands under way'],
        now.units.map(({ bytes, name, tasks }) => [
          name,
          `${(bytes / MEGABYTE).toFixed(1)} MiB`,
          count(tasks),
        ]),
        [1, 2],
      ),
    );
  }

  async function ask(): Promise<void> {
    try {
      const response = await fetch('state', { cache: 'no-store' });
      if (!response.ok) throw new Error(`${response.status}`);
      show((await response.json()) as State);
      lost.textContent = '';
    } catch {
      lost.textContent = 'serve does not answer any more; what stands here is what it said last';
    }
    setTimeout(ask, ASK_EVERY_MS);
  }
  ask();
}

function listed(
  title: string,
  head: readonly string[],
  rows: readonly (readonly Child[])[],
  right: readonly number[] = [],
): Child {
  return [
    h('h2', {}, title),
    rows.length === 0 ? h('p', { class: 'faint' }, 'none') : table(title, head, rows, right),
  ];
}

function verdictPart(verdict: readonly Verdict[]): Child {
  const violated = verdict.filter(({ result }) => result === 'violated');
  const names = (result: Verdict['result']): string =>
    verdict
      .filter((one) => one.result === result)
      .map(({ invariant }) => invariant)
      .join(' ');
  return [
    h(
      'p',
      {
        class: `headline ${violated.length === 0 ? 'holds' : 'violated'}`,
        role: 'status',
        id: 'live-verdict',
      },
      violated.length === 0
        ? 'no invariant is violated so far'
        : `violated: ${violated.map(({ invariant }) => invariant).join(' ')}`,
    ),
    violated.map(({ detail, invariant, sentence }) =>
      h(
        'section',
        { class: 'finding' },
        h('h3', {}, `${invariant}: ${sentence}`),
        h('p', { class: 'violated' }, detail),
      ),
    ),
    h('p', { class: 'faint' }, `holds so far: ${names('holds') || 'nothing was to be seen yet'}`),
  ];
}

const loginsPart = ({ logins, nexuses }: State): Child => [
  listed(
    'Logins',
    ['fabric', 'WWPN', 'name', 'N_Port_ID', 'by', 'link'],
    logins.map(({ by, fabric, link, nPortId, name, symbolicName, wwpn }) => [
      fabric,
      wwpn,
      name ?? symbolicName ?? '',
      nPortId,
      by,
      link,
    ]),
  ),
  listed(
    'Sessions with the array',
    ['fabric', 'target port', 'initiator', 'N_Port_ID', 'commands under way'],
    nexuses.map(({ fabric, nPortId, targetPort, tasks, wwpn }) => [
      fabric,
      `${targetPort}`,
      wwpn,
      nPortId,
      count(tasks),
    ]),
    [4],
  ),
];

const stateOf = ({ disabled, up }: Link): Child =>
  up && !disabled ? 'up' : h('span', { class: 'violated' }, disabled ? 'out of service' : 'down');

const linksPart = (fabrics: readonly Fabric[]): Child => [
  listed(
    'Links',
    ['link', 'to', 'state', 'frames in', 'frames out', 'dropped'],
    fabrics.flatMap(({ links }) =>
      links.map((one) => [
        one.link,
        one.targetPort === undefined ? (one.address ?? '') : `array port ${one.targetPort}`,
        stateOf(one),
        count(one.frames.in),
        count(one.frames.out),
        count(one.framesDropped ?? 0),
      ]),
    ),
    [3, 4, 5],
  ),
  listed(
    'Switches',
    ['fabric', 'logins', 'frames forwarded', 'served', 'dropped'],
    fabrics.map(({ dropped, fabric, forwarded, logins, served }) => [
      fabric,
      count(logins),
      count(forwarded),
      count(served),
      Object.entries(dropped)
        .filter(([, one]) => one > 0)
        .map(([reason, one]) => `${reason} ${count(one)}`)
        .join(', ') || '0',
    ]),
    [1, 2, 3],
  ),
];

const exchangesPart = ({ counts, last }: State['exchanges']): Child => [
  listed(
    'Exchanges',
    ['exchanges', 'opened', 'completed', 'aborted', 'unanswered'],
    Object.entries(counts)
      .filter(([, { opened }]) => opened > 0)
      .map(([kind, one]) => [
        kind,
        ...[one.opened, one.completed, one.aborted, one.unanswered].map(count),
      ]),
    [1, 2, 3, 4],
  ),
  last.length === 0
    ? undefined
    : h(
        'details',
        {},
        h('summary', {}, `the last ${last.length}`),
        table(
          'last exchanges',
          ['at', 'fabric', 'from', 'to', 'OX_ID', 'command', 'LUN', 'blocks', 'status', 'took'],
          last.map((one) => [
            `${(one.atMs / 1000).toFixed(3)} s`,
            one.fabric,
            one.originator,
            one.responder,
            one.oxId.toString(16).padStart(4, '0'),
            one.command,
            one.lun ?? '',
            one.lba === undefined ? '' : `${one.lba}+${one.blocks ?? ''}`,
            one.status,
            `${one.tookMs.toFixed(3)} ms`,
          ]),
          [0, 9],
        ),
      ),
];

const faultsPart = (faults: State['faults']): Child =>
  listed(
    'Fault rules',
    ['rule', 'link', 'does', 'frames hit'],
    faults.map(({ action, applied, link, name }) => [name, link, action.kind, count(applied)]),
    [3],
  );
