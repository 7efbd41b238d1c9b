/** A move that was made: what it came to, when, where frames flowed, and every frame of it. */
import { duration } from '../../../src/report/markup.ts';
import { pageWith } from '../../../src/report/one-page.ts';
import { type Child, count, drawing, h, tabs } from '../dom.ts';
import { pristinePage } from '../pristine.ts';
import type { WorkerClient } from '../rpc.ts';
import type { Breach, MadeMove, MoveFunctions } from '../worker/move.ts';
import { exchangesView } from './exchanges.ts';
import { framesView } from './frames.ts';
import { watchView } from './watch.ts';

/** Draws a move that was made. */
export async function madeView(
  made: MadeMove,
  client: WorkerClient<MoveFunctions>,
): Promise<Child> {
  const frames = framesView(() => client);
  const exchanges = exchangesView(
    () => client,
    (number) => {
      views.show('Frames');
      frames.show(number);
    },
  );
  const watch = await watchView(made, client);
  const story = h('div', {}, storyOf(made, watch.at));
  const framesPanel = h('div', {}, frames.element);
  const exchangesPanel = h('div', {}, exchanges.element);
  const views = tabs('Move', [
    { name: 'Watch', panel: story },
    { name: 'Frames', panel: framesPanel, shown: frames.refresh },
    { name: 'Exchanges', panel: exchangesPanel, shown: exchanges.shown },
  ]);
  const { frames: all, kept } = made;
  frames.open(kept, kept < all ? `the last ${count(kept)} of ${count(all)} frames were kept` : '');
  story.querySelector('.watch-here')!.replaceWith(watch.element);
  const save = h(
    'button',
    { type: 'button', onclick: () => download(made, client) },
    'Save as one page',
  );
  const kind = made.headline.kind === 'moved' ? 'holds' : 'violated';
  return [
    h('h2', {}, made.name),
    h('p', {}, made.words),
    h('p', { class: `headline ${kind}`, role: 'status', id: 'headline' }, made.headline.text),
    h('p', { class: 'faint' }, made.description),
    h('p', {}, h('code', {}, made.command), ' makes the same move. ', save),
    views.list,
    story,
    framesPanel,
    exchangesPanel,
  ];
}

function storyOf(
  { breaches, digest, frames, parts, virtualTimeNs }: MadeMove,
  at: (ns: number) => void,
): Child[] {
  const part = (title: string, markup: string): Child =>
    markup === '' ? undefined : [h('h2', {}, title), drawing(markup)];
  return [
    drawing(parts.figures),
    h('div', { class: 'watch-here' }),
    breaches.map((one) => breachOf(one, at)),
    drawing(parts.failures),
    part('Steps', parts.steps),
    part('Verdict', parts.verdict),
    part('Latency of the guests’ I/O', parts.latency),
    part('Paths', parts.paths + parts.cables),
    h('details', {}, h('summary', {}, 'Logins'), drawing(parts.logins)),
    h(
      'p',
      { class: 'faint' },
      `${count(frames)} frames in ${duration(virtualTimeNs)} of virtual time, digest ${digest}`,
    ),
  ];
}

function breachOf(
  { atNs, detail, drawing: drawn, invariant, sentence }: Breach,
  at: (ns: number) => void,
): Child {
  return h(
    'section',
    { class: 'finding' },
    h('h3', {}, `${invariant}: ${sentence}`),
    h('p', { class: 'violated' }, detail),
    atNs === undefined
      ? undefined
      : h('p', {}, h('button', { type: 'button', onclick: () => at(atNs) }, 'Show this moment')),
    drawing(drawn),
  );
}

/** The page that `--report` writes, for this run. */
async function download(
  { inside, title }: MadeMove,
  client: WorkerClient<MoveFunctions>,
): Promise<void> {
  const body = await client.call('report', []);
  const page = pageWith(pristinePage(), { start: { run: inside }, title, body });
  const url = URL.createObjectURL(new Blob([page], { type: 'text/html' }));
  const link = h('a', { href: url, download: 'move.html' });
  link.click();
  URL.revokeObjectURL(url);
}
