/** The move over time: a timeline that zooms, a moment in it, and what flows over each cable at that moment. */
import { duration } from '../../../src/report/markup.ts';
import { TIMELINE_PLACE, type TimeWindow } from '../../../src/report/timeline.ts';
import { drawing, fill, h } from '../dom.ts';
import type { WorkerClient } from '../rpc.ts';
import type { Flows, MadeMove, MoveFunctions } from '../worker/move.ts';

/** Parts of the window for which flows are known. */
const COLUMNS = 240;
/** A move is played in so many milliseconds, whatever it took. */
const PLAY_MS = 12_000;
const ZOOM = 2;
/** Nothing is to be seen of less. */
const WINDOW_NS_MIN = 10_000;
/** Width of a cable's line by the frames a second over it, in pixels. */
const WIDTH_MAX = 7;

/** The move over time. */
export interface WatchView {
  readonly element: HTMLElement;
  /** Goes to a moment. */
  at(ns: number): void;
}

/** Makes the view. */
export async function watchView(
  made: MadeMove,
  client: WorkerClient<MoveFunctions>,
): Promise<WatchView> {
  const { steps, whole, window: first } = made;
  const start = steps[0]?.atNs ?? 0;
  let view: TimeWindow = first;
  let flows: Flows = {};
  let most = 1;
  let moment = first.fromNs;
  let playing: number | undefined;

  const topology = h('div', { class: 'scroll topology' }, drawing(made.parts.topology));
  const cables = new Map(
    [...topology.querySelectorAll<SVGPathElement>('.cable')].map((one) => [
      one.dataset.cable ?? '',
      one,
    ]),
  );
  const line = h('div', { class: 'cursor' });
  const drawn = h('div', { class: 'drawn' });
  const box = h('div', { class: 'timeline-box' }, drawn, line);
  const said = h('p', { class: 'moment' });
  const slider = h('input', {
    type: 'range',
    class: 'slider',
    min: 0,
    max: COLUMNS * 10,
    'aria-label': 'moment of the move',
    oninput: () =>
      go(view.fromNs + (Number(slider.value) / (COLUMNS * 10)) * (view.untilNs - view.fromNs)),
  });

  function go(ns: number): void {
    moment = Math.min(view.untilNs, Math.max(view.fromNs, ns));
    const share = (moment - view.fromNs) / (view.untilNs - view.fromNs);
    slider.value = String(Math.round(share * COLUMNS * 10));
    const { left, right } = TIMELINE_PLACE;
    line.style.left = `${(left + share * (right - left)) * 100}%`;
    const column = Math.min(COLUMNS - 1, Math.floor(share * COLUMNS));
    for (const [name, cable] of cables) {
      const rate = flows[name]?.[column] ?? 0;
      cable.style.strokeWidth = `${rate === 0 ? 1.3 : 1.6 + Math.sqrt(rate / most) * WIDTH_MAX}`;
      cable.classList.toggle('flowing', rate > 0);
    }
    const step = steps.findLast(({ atNs }) => atNs <= moment);
    const sign = moment < start ? '−' : '+';
    const words = `${sign}${duration(Math.round(Math.abs(moment - start)))}  ${step?.text ?? 'before the move'}`;
    said.textContent = words;
    slider.setAttribute('aria-valuetext', words);
  }

  async function look(wanted: TimeWindow): Promise<void> {
    const span = Math.min(
      Math.max(WINDOW_NS_MIN, wanted.untilNs - wanted.fromNs),
      whole.untilNs - whole.fromNs,
    );
    const fromNs = Math.min(Math.max(whole.fromNs, wanted.fromNs), whole.untilNs - span);
    view = { fromNs, untilNs: fromNs + span };
    const [markup, found] = await Promise.all([
      client.call('timeline', [view]),
      client.call('flows', [view, COLUMNS]),
    ]);
    fill(drawn, drawing(markup));
    flows = found;
    most = Math.max(1, ...Object.values(flows).flat());
    go(moment);
  }

  const zoom = (by: number): Promise<void> => {
    const span = (view.untilNs - view.fromNs) * by;
    const share = (moment - view.fromNs) / (view.untilNs - view.fromNs);
    const fromNs = moment - share * span;
    return look({ fromNs, untilNs: fromNs + span });
  };
  const shift = (by: number): Promise<void> => {
    const step = (view.untilNs - view.fromNs) * by;
    return look({ fromNs: view.fromNs + step, untilNs: view.untilNs + step });
  };

  const play = h(
    'button',
    { type: 'button', onclick: () => (playing === undefined ? begin() : end()) },
    'Play',
  );
  function begin(): void {
    play.textContent = 'Pause';
    const from = moment >= view.untilNs ? view.fromNs : moment;
    const startedAt = performance.now();
    const next = (now: number): void => {
      const ns = from + ((now - startedAt) / PLAY_MS) * (view.untilNs - view.fromNs);
      go(ns);
      if (ns >= view.untilNs || !box.isConnected) end();
      else playing = requestAnimationFrame(next);
    };
    playing = requestAnimationFrame(next);
  }
  function end(): void {
    if (playing !== undefined) cancelAnimationFrame(playing);
    playing = undefined;
    play.textContent = 'Play';
  }

  box.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1 / ZOOM : ZOOM);
    },
    { passive: false },
  );
  box.addEventListener('click', (event) => {
    const { left, width } = box.getBoundingClientRect();
    const place = TIMELINE_PLACE;
    const share = ((event.clientX - left) / width - place.left) / (place.right - place.left);
    if (share >= 0 && share <= 1) go(view.fromNs + share * (view.untilNs - view.fromNs));
  });
  const button = (words: string, label: string, clicked: () => void): HTMLElement =>
    h('button', { type: 'button', 'aria-label': label, title: label, onclick: clicked }, words);
  const element = h(
    'div',
    { class: 'watch' },
    topology,
    said,
    h(
      'div',
      { class: 'controls' },
      play,
      slider,
      button('+', 'closer', () => zoom(1 / ZOOM)),
      button('−', 'farther', () => zoom(ZOOM)),
      button('◂', 'earlier', () => shift(-0.5)),
      button('▸', 'later', () => shift(0.5)),
      button('the move', 'show the move', () => look(first)),
      button('all', 'show the whole run', () => look(whole)),
    ),
    h('div', { class: 'scroll' }, box),
    h(
      'p',
      { class: 'faint' },
      'A cable is the thicker the more frames pass. Click into the timeline for a moment; Ctrl and the wheel go closer.',
    ),
  );
  await look(first);
  return {
    element,
    at(ns) {
      end();
      const span = (first.untilNs - first.fromNs) / 8;
      moment = ns;
      look({ fromNs: ns - span / 2, untilNs: ns + span / 2 }).then(() => go(ns));
      element.scrollIntoView({ block: 'start' });
    },
  };
}
