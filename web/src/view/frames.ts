/** The frames of a capture or a run: a filter, the list, and the frame that is chosen. */
import { count, fill, h, progressLine } from '../dom.ts';
import type { WorkerClient } from '../rpc.ts';
import type { FrameFunctions } from '../worker/frame-functions.ts';
import type { FrameRow } from '../worker/frame-reader.ts';
import { frameView } from './frame.ts';
import { rowList } from './rows.ts';

/** The frames of something that a worker has open. */
export interface FramesView {
  readonly element: HTMLElement;
  /** Shows the frames from the first; `note` stands below the filter where not all are listed. */
  open(listed: number, note?: string): void;
  /** Shows the frames that pass a filter. */
  filter(text: string): Promise<void>;
  /** Shows a frame by its number. */
  show(number: number): Promise<void>;
  refresh(): void;
}

/** Views that were made, for their inputs to have names. */
let views = 0;

/** Makes the view. */
export function framesView(client: () => WorkerClient<FrameFunctions>): FramesView {
  const id = `filter-${++views}`;
  let listed = 0;
  /** Places of the frames that pass; all where there is no filter. */
  let places: Uint32Array | undefined;
  const complaint = h('p', { class: 'violated', role: 'alert' });
  const state = h('p', { class: 'faint', role: 'status' });
  const detail = h('div', { class: 'detail', 'aria-live': 'off' });
  const progress = progressLine();
  const input = h('input', {
    type: 'search',
    id,
    name: 'filter',
    spellcheck: 'false',
    autocomplete: 'off',
    placeholder: 'fc.s_id == 01.00.05 && scsi.opcode == 0x2a',
  });
  const list = rowList<FrameRow>({
    label: 'frames',
    load: (from, until) =>
      client().call('rows', [
        Array.from({ length: until - from }, (_, i) =>
          places === undefined ? from + i : places[from + i]!,
        ),
      ]),
    cells: (row) => [
      h('span', { class: 'number' }, count(row.number)),
      h('span', { class: 'number' }, row.seconds.toFixed(6)),
      h('span', { class: 'where' }, row.where),
      h(
        'span',
        { class: row.isFaulty ? 'summary violated' : 'summary' },
        row.summary,
        row.comment === '' ? '' : h('span', { class: 'comment' }, `  # ${row.comment}`),
      ),
    ],
    chosen: async ({ place }) => {
      const found = await client().call('detail', [place]);
      if (found !== undefined) fill(detail, frameView(found));
    },
  });

  async function filter(text: string): Promise<void> {
    input.value = text;
    complaint.textContent = '';
    if (text.trim() === '') places = undefined;
    else {
      try {
        places = await client().call('passing', [text], ({ share, words }) =>
          progress.tell(words, share),
        );
      } catch (error) {
        complaint.textContent = (error as Error).message;
        return;
      } finally {
        progress.end();
      }
    }
    const shown = places?.length ?? listed;
    state.textContent =
      places === undefined
        ? `${count(listed)} frames`
        : `${count(shown)} of ${count(listed)} frames pass`;
    list.reset(shown);
  }

  const form = h(
    'form',
    {
      class: 'filter',
      role: 'search',
      onsubmit: (event: SubmitEvent) => {
        event.preventDefault();
        filter(input.value);
      },
    },
    h('label', { for: id }, 'Display filter'),
    input,
    h('button', { type: 'submit' }, 'Apply'),
    h('button', { type: 'button', onclick: () => filter('') }, 'All frames'),
  );
  const note = h('p', { class: 'faint' });
  return {
    element: h(
      'div',
      { class: 'frames' },
      form,
      complaint,
      progress.element,
      state,
      note,
      list.element,
      detail,
    ),
    open(many, words = '') {
      listed = many;
      places = undefined;
      note.textContent = words;
      fill(detail);
      filter('');
    },
    filter,
    async show(number) {
      const place = await client().call('placeOf', [number]);
      if (places !== undefined) await filter('');
      list.select(place);
    },
    refresh: list.refresh,
  };
}
