/** A list of many rows of which only those in sight are made; it is gone through by keys. */
import { type Child, fill, h } from '../dom.ts';

/** Height of a row in pixels; the style sheet has the same. */
const ROW_HEIGHT = 24;
/** A browser draws nothing taller than this; longer lists are scrolled in steps. */
const HEIGHT_MAX = 8_000_000;
/** Rows made above and below those in sight. */
const MARGIN = 8;

/** A list that shows a part of many rows. */
export interface RowList<Row> {
  readonly element: HTMLElement;
  /** Shows other rows, from the first. */
  reset(count: number): void;
  /** Selects a row by its place, and brings it into sight. */
  select(place: number): void;
  /** Makes the rows in sight again. */
  refresh(): void;
  readonly rows: ReadonlyMap<number, Row>;
}

/** What a list is about. */
export interface RowListOptions<Row> {
  readonly label: string;
  /** The rows from one place to another, without the latter. */
  readonly load: (from: number, until: number) => Promise<readonly Row[]>;
  readonly cells: (row: Row) => readonly Child[];
  readonly chosen: (row: Row, place: number) => void;
}

/** Makes a list. */
export function rowList<Row>({ cells, chosen, label, load }: RowListOptions<Row>): RowList<Row> {
  let total = 0;
  let selected = -1;
  let asked = 0;
  const rows = new Map<number, Row>();
  const space = h('div', { class: 'space' });
  const shown = h('div', { class: 'rows' });
  const element = h(
    'div',
    {
      class: 'list',
      role: 'listbox',
      tabindex: 0,
      'aria-label': label,
      onkeydown: (event: KeyboardEvent) => byKey(event),
      onscroll: () => show(),
    },
    space,
    shown,
  );
  const heightOf = (): number => Math.min(total * ROW_HEIGHT, HEIGHT_MAX);
  const inSight = (): number => Math.max(1, Math.floor(element.clientHeight / ROW_HEIGHT));
  /** The first row in sight: by pixels, or by the share of a list that is too long for them. */
  const firstRow = (): number => {
    if (total * ROW_HEIGHT <= HEIGHT_MAX) return Math.floor(element.scrollTop / ROW_HEIGHT);
    const share = element.scrollTop / Math.max(1, HEIGHT_MAX - element.clientHeight);
    return Math.round(share * (total - inSight()));
  };
  const topOf = (row: number): number =>
    total * ROW_HEIGHT <= HEIGHT_MAX
      ? row * ROW_HEIGHT
      : element.scrollTop + (row - firstRow()) * ROW_HEIGHT;

  async function show(): Promise<void> {
    const first = firstRow();
    const from = Math.max(0, first - MARGIN);
    const until = Math.min(total, first + inSight() + MARGIN);
    const mine = ++asked;
    const missing = Array.from({ length: until - from }, (_, i) => from + i).some(
      (place) => !rows.has(place),
    );
    if (missing) {
      const loaded = await load(from, until);
      if (mine !== asked) return;
      if (rows.size > 5000) rows.clear();
      for (const [i, row] of loaded.entries()) rows.set(from + i, row);
    }
    space.style.height = `${heightOf()}px`;
    shown.style.transform = `translateY(${topOf(from)}px)`;
    fill(
      shown,
      Array.from({ length: until - from }, (_, i) => from + i).map((place) => {
        const row = rows.get(place);
        return h(
          'div',
          {
            class: 'row',
            role: 'option',
            id: `${label}-${place}`.replace(/\W+/g, '-'),
            'aria-selected': String(place === selected),
            'aria-setsize': total,
            'aria-posinset': place + 1,
            onclick: () => choose(place),
          },
          row === undefined ? '' : cells(row),
        );
      }),
    );
    element.setAttribute('aria-activedescendant', `${label}-${selected}`.replace(/\W+/g, '-'));
  }

  function choose(place: number): void {
    if (place < 0 || place >= total) return;
    selected = place;
    const first = firstRow();
    if (place < first || place >= first + inSight()) {
      const target = Math.max(0, place - Math.floor(inSight() / 2));
      element.scrollTop =
        total * ROW_HEIGHT <= HEIGHT_MAX
          ? target * ROW_HEIGHT
          : (target / Math.max(1, total - inSight())) * (HEIGHT_MAX - element.clientHeight);
    }
    show();
    bring(place);
  }

  /** Hands the row over that was chosen, unless another was chosen meanwhile. */
  async function bring(place: number): Promise<void> {
    const row = rows.get(place) ?? (await load(place, place + 1))[0];
    if (row !== undefined && place === selected) chosen(row, place);
  }

  function byKey(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: inSight(),
      PageUp: -inSight(),
      Home: -total,
      End: total,
    };
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    choose(Math.min(total - 1, Math.max(0, selected + step)));
  }

  return {
    element,
    rows,
    reset(many) {
      total = many;
      selected = -1;
      rows.clear();
      element.scrollTop = 0;
      show();
    },
    select: choose,
    refresh: () => void show(),
  };
}
