/**
 * The page of `web/` as one file with something in it: a run, whose report stands there without a script and which the
 * page's script makes again, for every frame of it; or a server whose state it shows.
 */
import type { LateSchedule } from '../run/late-schedules.ts';
import type { ScenarioOverrides } from '../scenario/overrides.ts';
import { html } from './markup.ts';

/** All that makes a run: the text of its scenario, and what was changed in it. */
export interface RunSource {
  /** What the command line calls the scenario. */
  readonly file: string;
  readonly text: string;
  readonly overrides: ScenarioOverrides;
  readonly late: LateSchedule | undefined;
}

/** A run that a page has in it, and what it came to: made again, it must come to the same. */
export interface RunInside extends RunSource {
  readonly digest: string;
  readonly frames: number;
}

/** What a page is opened with. */
export interface PageStart {
  readonly run?: RunInside;
  /** It comes from `serve`, and may ask there for the state. */
  readonly live?: true;
}

/** What goes into a page. */
export interface PageParts {
  readonly start: PageStart;
  readonly title?: string;
  /** What it shows without a script: markup of `reportBody`. */
  readonly body?: string;
}

const START = /(<script type="application\/json" id="start">)[^<]*(<\/script>)/;
const CONTENT = /<!--content-->[\s\S]*?<!--\/content-->/;
const TITLE = /<title>[^<]*<\/title>/;
/** Whom it may ask, in its policy, which stands before everything that could look like it. */
const ASKED = /connect-src '\w+'/;

/** The page with these parts. Errors: `RangeError` where the page has no place for them. */
export function pageWith(page: string, { body, start, title }: PageParts): string {
  // Nothing in a text of a scenario may end the element that it is in.
  const json = JSON.stringify(start).replaceAll('<', '\\u003c');
  let made = put(page, START, (_, open, close) => `${open}${json}${close}`);
  if (title !== undefined) made = put(made, TITLE, () => html`<title>${title}</title>`.text);
  if (body !== undefined)
    made = put(
      made,
      CONTENT,
      () => `<!--content--><article id="report">\n${body}\n</article><!--/content-->`,
    );
  return made.replace(ASKED, `connect-src '${start.live ? 'self' : 'none'}'`);
}

function put(page: string, place: RegExp, part: (...found: string[]) => string): string {
  if (!place.test(page)) throw new RangeError(`the page has no place ${place}`);
  return page.replace(place, part);
}
