/** The page: a capture that is read, a move that is watched. */
import 'virtual:report.css';
import './style.css';
import { h, tabs } from './dom.ts';
import { captureView } from './view/capture.ts';
import { moveView } from './view/move.ts';

const main = document.querySelector('#main')!;
const list = document.querySelector<HTMLElement>('#tabs')!;
const capture = h('section', { id: 'capture' });
const move = h('section', { id: 'move' });
main.append(capture, move);

const { show } = tabs(
  'What to do',
  [
    { name: 'Read a capture', panel: capture },
    { name: 'Watch a move', panel: move },
  ],
  list,
);
captureView(capture, () => show('Read a capture'));
moveView(move);
if (location.hash.startsWith('#move')) show('Watch a move');
