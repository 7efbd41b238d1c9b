/** What is put into the page. */
import { describe, expect, it } from 'vitest';
import { pageWith, type RunInside } from '../../../src/report/one-page.ts';

const PAGE = `<meta content="connect-src 'none'"><title>sanmotion</title><style></style>
<main><!--content--><noscript>no</noscript><!--/content--></main>
<script type="application/json" id="start">{}</script><script>"connect-src 'self'"</script>`;

const RUN: RunInside = {
  file: 'mine.yaml',
  text: 'name: </script><script>alert(1)</script> $& <!--',
  overrides: { seed: 7 },
  late: undefined,
  digest: '0123',
  frames: 12,
};

const startOf = (page: string): unknown => JSON.parse(/id="start">([^<]*)</.exec(page)![1]!);

describe('a page with something in it', () => {
  it('has a run, whose texts end no element', () => {
    const page = pageWith(PAGE, { start: { run: RUN }, title: 'a < b', body: '<h1>$1</h1>' });
    const { late: _, ...run } = RUN;
    expect(startOf(page)).toEqual({ run });
    expect(page).toContain('<title>a &lt; b</title>');
    expect(page).toContain('<article id="report">\n<h1>$1</h1>\n</article>');
    expect(page.match(/<script/g)).toHaveLength(2);
    expect(page).toContain("connect-src 'none'");
  });

  it('may be handed on with another run', () => {
    const once = pageWith(PAGE, { start: { run: RUN }, title: 'a', body: 'one' });
    const again = pageWith(once, {
      start: { run: { ...RUN, frames: 1 } },
      title: 'b',
      body: 'two',
    });
    expect(again).not.toContain('one\n');
    expect(again).toBe(
      pageWith(PAGE, { start: { run: { ...RUN, frames: 1 } }, title: 'b', body: 'two' }),
    );
  });

  it('may ask its server where it is live, and only there', () => {
    const live = pageWith(PAGE, { start: { live: true } });
    expect(live).toContain(`<meta content="connect-src 'self'">`);
    expect(startOf(live)).toEqual({ live: true });
    expect(pageWith(live, { start: { run: RUN } })).toContain(
      `<meta content="connect-src 'none'">`,
    );
  });

  it('is refused where it has no place', () => {
    expect(() => pageWith('<title></title>', { start: { live: true } })).toThrow(RangeError);
  });
});
