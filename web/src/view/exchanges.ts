/** The exchanges of a capture or a run: a list, and the ladder of the one that is chosen. */
import { formatFcId } from '../../../src/codecs/layout/index.ts';
import { count, drawing, fill, h, progressLine } from '../dom.ts';
import type { WorkerClient } from '../rpc.ts';
import type { ExchangeLine } from '../worker/exchanges.ts';
import type { FrameFunctions } from '../worker/frame-functions.ts';
import { rowList } from './rows.ts';

/** The exchanges of something that a worker has open. */
export interface ExchangesView {
  readonly element: HTMLElement;
  /** Something else was opened. */
  reset(): void;
  /** The view has come into sight: what it shows is made now. */
  shown(): void;
}

/** Makes the view; `show` shows a frame by its number. */
export function exchangesView(
  client: () => WorkerClient<FrameFunctions>,
  show: (number: number) => void,
): ExchangesView {
  let rows: readonly ExchangeLine[] | undefined;
  const progress = progressLine();
  const state = h('p', { class: 'faint', role: 'status' });
  const ladder = h('div', { class: 'ladder-box' });
  const list = rowList<ExchangeLine>({
    label: 'exchanges',
    load: async (from, until) => rows?.slice(from, until) ?? [],
    cells: (row) => [
      h('span', { class: 'number' }, `${count(row.firstFrame)}–${count(row.lastFrame)}`),
      h('span', { class: 'number' }, row.seconds.toFixed(6)),
      h(
        'span',
        { class: 'summary' },
        [
          `${formatFcId(row.originator as never)} → ${formatFcId(row.responder as never)}  OX ${row.oxId.toString(16).padStart(4, '0')}  ${row.command}`,
          row.lun === '' ? '' : `  LUN ${row.lun}`,
          row.lba === '' ? '' : `  LBA ${row.lba}`,
          `  ${row.status}`,
          row.status === 'unanswered' ? '' : `  ${row.tookMs.toFixed(3)} ms`,
        ].join(''),
      ),
    ],
    chosen: async (row) => {
      const [firstPlace, lastPlace] = await Promise.all(
        [row.firstFrame, row.lastFrame].map((number) => client().call('placeOf', [number])),
      );
      const { originator, oxId, responder } = row;
      const markup = await client().call('ladder', [
        { originator, responder, oxId, firstPlace: firstPlace!, lastPlace: lastPlace! },
      ]);
      fill(
        ladder,
        h(
          'p',
          {},
          h(
            'button',
            { type: 'button', onclick: () => show(row.firstFrame) },
            `Show frame ${count(row.firstFrame)} in the list`,
          ),
        ),
        drawing(markup),
      );
    },
  });
  return {
    element: h('div', {}, progress.element, state, list.element, ladder),
    reset() {
      rows = undefined;
      state.textContent = '';
      fill(ladder);
    },
    async shown() {
      if (rows !== undefined) {
        list.refresh();
        return;
      }
      rows = [];
      const found = await client()
        .call('exchanges', [], ({ share, words }) => progress.tell(words, share))
        .catch(() => undefined);
      progress.end();
      if (found === undefined) {
        rows = undefined;
        return;
      }
      rows = found.rows;
      state.textContent = `${count(rows.length)} exchanges${found.left > 0 ? `, and ${count(found.left)} more that are not listed` : ''}`;
      list.reset(rows.length);
    },
  };
}
