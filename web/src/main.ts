/** The page: a capture that is read, a move that is watched, a server whose state is shown. */
import { START } from './pristine.ts';
import 'virtual:report.css';
import './style.css';
import { h, tabs } from './dom.ts';
import { captureView } from './view/capture.ts';
import { liveView } from './view/live.ts';
import { moveView } from './view/move.ts';

const main = document.querySelector('#main')!;
const list = document.querySelector<HTMLElement>('#tabs')!;
document.querySelector<HTMLElement>('#page-head')!.hidden = false;
const report = document.querySelector<HTMLElement>('#report') ?? undefined;
const live = h('section', { id: 'live' });
const capture = h('section', { id: 'capture' });
const move = h('section', { id: 'move' });
main.replaceChildren(live, capture, move);

const LIVE = 'What serve does';
const CAPTURE = 'Read a capture';
const MOVE = 'Watch a move';
const { show } = tabs(
  'What to do',
  [
    ...(START.live ? [{ name: LIVE, panel: live }] : []),
    { name: CAPTURE, panel: capture },
    { name: MOVE, panel: move },
  ],
  list,
);
if (START.live) liveView(live);
else live.remove();
captureView(capture, () => show(CAPTURE));
moveView(move, START.run, report);
if (START.run !== undefined || location.hash.startsWith('#move')) show(MOVE);
