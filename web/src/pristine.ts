/** The page as it came, before its program changed anything: it can be handed on with a run in it. */
import type { PageStart } from '../../src/report/one-page.ts';

const page = document.documentElement.cloneNode(true) as HTMLElement;

/** The page as text. */
export const pristinePage = (): string => `<!doctype html>\n${page.outerHTML}\n`;

/** What the page was opened with. */
export const START = JSON.parse(document.querySelector('#start')?.textContent ?? '{}') as PageStart;
