/** A capture: dropped or chosen, read in a worker, judged in the words of `replay`. */
import type { CaptureReport } from '../../../src/audit/capture-judge.ts';
import { explanationOf } from '../../../src/audit/explanations.ts';
import type { MoveEnd, MoveRow } from '../../../src/audit/ledger/move-finder.ts';
import type { Verdict } from '../../../src/audit/verdict.ts';
import { duration } from '../../../src/report/markup.ts';
import { toldTables } from '../../../src/report/told-tables.ts';
import { type Child, count, fill, h, progressLine, table, tabs } from '../dom.ts';
import type { WorkerClient } from '../rpc.ts';
import type { OpenedCapture } from '../worker/capture.ts';
import type { PageFunctions } from '../worker/worker.ts';
import { newWorker } from '../worker-client.ts';
import { exchangesView } from './exchanges.ts';
import { framesView } from './frames.ts';

/** Rows of a table that stand open. */
const ROWS_SHOWN = 50;

/** Puts the view into a section; `came` is called when something was dropped. */
export function captureView(section: HTMLElement, came: () => void): void {
  let client: WorkerClient<PageFunctions> | undefined;
  const opened = (): WorkerClient<PageFunctions> => {
    if (client === undefined) throw new Error('no capture is open');
    return client;
  };
  const progress = progressLine();
  const complaint = h('p', { class: 'violated', role: 'alert' });
  const overview = h('div');
  const frames = framesView(opened);
  const showFrame = (number: number): void => {
    views.show('Frames');
    frames.show(number);
  };
  const exchanges = exchangesView(opened, showFrame);
  const framesPanel = h('div', {}, frames.element);
  const exchangesPanel = h('div', {}, exchanges.element);
  const views = tabs('Capture', [
    { name: 'Verdict', panel: overview },
    { name: 'Frames', panel: framesPanel, shown: frames.refresh },
    { name: 'Exchanges', panel: exchangesPanel, shown: exchanges.shown },
  ]);
  const result = h('div', { hidden: true }, views.list, overview, framesPanel, exchangesPanel);
  const stop = h('button', { type: 'button', hidden: true, onclick: () => client?.end() }, 'Stop');
  const chooser = h('input', {
    type: 'file',
    id: 'file',
    accept: '.pcap,.pcapng,.cap,.gz',
    onchange: () => {
      const file = chooser.files?.[0];
      if (file !== undefined) open(file);
    },
  });

  async function open(file: File): Promise<void> {
    came();
    client?.end();
    client = newWorker();
    complaint.textContent = '';
    result.hidden = true;
    stop.hidden = false;
    try {
      const found = await client.call('open', [file], ({ share, words }) =>
        progress.tell(words, share),
      );
      fill(overview, overviewOf(found, showFrame));
      const { frames: all, listed } = found;
      frames.open(
        listed,
        listed < all
          ? `the list ends at frame ${count(listed)} of ${count(all)}; all were judged`
          : '',
      );
      exchanges.reset();
      views.show('Verdict');
      result.hidden = false;
      overview.querySelector<HTMLElement>('h2')?.focus();
    } catch (error) {
      complaint.textContent = (error as Error).message;
    } finally {
      progress.end();
      stop.hidden = true;
    }
  }

  const drop = h(
    'div',
    { class: 'drop' },
    h('label', { for: 'file' }, 'Drop a capture here, or choose one'),
    chooser,
    h('span', { class: 'faint' }, 'pcap or pcapng, also gzip-compressed, of any size'),
  );
  const isFiles = (event: DragEvent): boolean =>
    event.dataTransfer?.types.includes('Files') === true;
  addEventListener('dragover', (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    drop.classList.add('over');
  });
  addEventListener('dragleave', () => drop.classList.remove('over'));
  addEventListener('drop', (event) => {
    if (!isFiles(event)) return;
    event.preventDefault();
    drop.classList.remove('over');
    const file = event.dataTransfer?.files[0];
    if (file !== undefined) open(file);
  });
  fill(section, drop, progress.element, stop, complaint, result);
}

type ShowFrame = (number: number) => void;

function overviewOf({ report }: OpenedCapture, show: ShowFrame): Child[] {
  const { capture, codec, error, exchanges, logins, moves, protocols, verdict } = report;
  const violated = verdict.filter((one) => one.result === 'violated');
  const names = Object.entries(protocols)
    .map(([name, n]) => `${name} ${count(n)}`)
    .join(', ');
  return [
    h(
      'h2',
      { tabindex: -1 },
      `${capture.file}: ${capture.format}, ${count(capture.frames)} frames`,
    ),
    h(
      'p',
      { class: violated.length > 0 ? 'headline violated' : 'headline holds' },
      headlineOf(violated),
    ),
    error === undefined ? undefined : h('p', { class: 'violated' }, `ended early: ${error}`),
    h(
      'p',
      {},
      `${count(codec.decoded)} decoded, ${count(codec.identical)} identical when encoded again, ${codec.malformed.length} malformed, ${codec.crcBad} with a bad FC CRC, ${codec.cut} cut`,
    ),
    h('p', { class: 'faint' }, names || 'no frame of a protocol that is read here'),
    violated.map((one) => breachOf(one, show)),
    ...verdictParts(verdict),
    moves.map((move, i) => moveOf(move, i, show)),
    h('h2', {}, 'Exchanges'),
    table(
      'exchanges',
      ['exchanges', 'opened', 'completed', 'aborted', 'unanswered'],
      Object.entries(exchanges)
        .filter(([, { opened }]) => opened > 0)
        .map(([kind, one]) => [
          kind,
          ...[one.opened, one.completed, one.aborted, one.unanswered].map(count),
        ]),
      [1, 2, 3, 4],
    ),
    logins.length === 0 ? undefined : h('h2', {}, 'Logins'),
    logins.length === 0
      ? undefined
      : folded(
          'logins',
          ['login', 'WWPN', 'N_Port_ID', 'frame', ''],
          logins.map((one) => [
            one.by,
            one.wwpn,
            one.nPortId || '-',
            frameLink(one.frame, show),
            one.result,
          ]),
          [3],
        ),
    ...toldParts(report),
  ];
}

function headlineOf(violated: readonly Verdict[]): string {
  if (violated.length === 0) return 'no invariant is violated, as far as frames show it';
  return `violated: ${violated.map(({ invariant }) => invariant).join(' ')}`;
}

function breachOf({ detail, frames, invariant, sentence }: Verdict, show: ShowFrame): Child {
  return h(
    'section',
    { class: 'finding' },
    h('h3', {}, `${invariant}: ${sentence}`),
    h('p', { class: 'violated' }, detail),
    h('p', { class: 'faint' }, explanationOf(invariant)?.remedy ?? ''),
    h(
      'p',
      {},
      'frames ',
      frames.flatMap((number) => [frameLink(number, show), ' ']),
    ),
  );
}

const frameLink = (number: number, show: ShowFrame): HTMLElement =>
  h('button', { type: 'button', class: 'link', onclick: () => show(number) }, count(number));

function verdictParts(verdict: readonly Verdict[]): Child[] {
  return (['holds', 'not-observable'] as const).map((result) => {
    const some = verdict.filter((one) => one.result === result);
    if (some.length === 0) return undefined;
    return h(
      'details',
      {},
      h(
        'summary',
        {},
        h('span', { class: result }, result === 'holds' ? 'holds' : 'not observable'),
        ` ${some.map(({ invariant }) => invariant).join(' ')}`,
      ),
      table(
        'verdict',
        ['', 'what must hold', 'what was found'],
        some.map((one) => [one.invariant, one.sentence, one.detail]),
      ),
    );
  });
}

function moveOf(move: MoveRow, index: number, show: ShowFrame): Child {
  const { because, blackoutNs, firstIo, from, kind, lastIo, open, to } = move;
  const io = (which: string, one: MoveRow['lastIo']): Child[] =>
    one === undefined
      ? ['no I/O done']
      : [`${which} I/O done (${one.command}) in frame `, frameLink(one.frame, show)];
  return h(
    'section',
    {},
    h(
      'h2',
      {},
      `Move ${index + 1}: ${kind === 'same' ? 'the same WWPN' : 'the other WWPN of a pair'}: ${because}`,
    ),
    table(
      'move',
      ['', 'WWPN', 'N_Port_ID', 'MAC', 'ENode', 'login', 'logout'],
      [
        ['from', ...endCells(from, show)],
        ['to', ...endCells(to, show)],
      ],
    ),
    h(
      'p',
      {},
      `blackout ${blackoutNs === undefined ? 'not observable' : duration(Number(blackoutNs))}: `,
      io('last', lastIo),
      ' on the old port, ',
      io('first', firstIo),
      ' on the new',
    ),
    h(
      'p',
      {},
      open.length === 0
        ? 'no exchange was open when the old login ended'
        : `${count(open.length)} exchanges were open when the old login ended`,
    ),
  );
}

const endCells = (
  { enodeMac, login, logout, mac, nPortId, wwpn }: MoveEnd,
  show: ShowFrame,
): Child[] => [
  wwpn,
  nPortId,
  mac ?? '-',
  enodeMac,
  login === undefined ? 'before the capture' : ['frame ', frameLink(login.frame, show)],
  logout === undefined ? '-' : ['frame ', frameLink(logout.frame, show), ` (${logout.by})`],
];

const toldParts = (report: CaptureReport): Child[] =>
  toldTables(report, duration).map(({ head, notes, right, rows }) => [
    h('h2', {}, head[0] ?? 'Besides'),
    rows.length === 0 ? undefined : folded(head[0]!, head, rows, right),
    notes.map(({ isBad, text }) => h('p', { class: isBad ? 'violated' : 'faint' }, text)),
  ]);

function folded(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Child[])[],
  right: readonly number[],
): Child {
  const rest = rows.slice(ROWS_SHOWN);
  return [
    table(caption, head, rows.slice(0, ROWS_SHOWN), right),
    rest.length === 0
      ? undefined
      : h(
          'details',
          {},
          h('summary', {}, `${count(rest.length)} more`),
          table(caption, head, rest, right),
        ),
  ];
}
