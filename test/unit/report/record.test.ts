/** What a report gathers of a run. */
import { describe, expect, it } from 'vitest';
import type { Happening } from '../../../src/history/index.ts';
import { RunRecord } from '../../../src/report/record.ts';
import {
  complete,
  FABRIC,
  H1,
  H1_LINK,
  H2_LINK,
  login,
  moveEnd,
  PLACES,
  SWITCH,
  SWITCH_PORTS,
  sent,
  step,
  submit,
} from '../../helpers/audit-rig.ts';

function record(...told: [node: string, ...events: Happening[]][]): RunRecord {
  const all = new RunRecord();
  all.begin(PLACES);
  let at = 0;
  for (const [node, ...events] of told) {
    for (const event of events) {
      at += 1000;
      all.observe({ at, node, event });
    }
  }
  return all;
}

describe('what a report shows of a run', () => {
  it('sorts I/Os by their path and by the stage of the move', () => {
    const io = (n: number): Happening[] => [submit(n), sent(n), complete(n)];
    const all = record(
      [H1, ...io(1)],
      ['mover', step('stun')],
      [H1, ...io(2)],
      ['mover', moveEnd('moved')],
      [H1, ...io(3), ...io(4)],
    );
    const path = all.paths.get('h1 010101 to 010001')!;
    expect(path.counts).toEqual({ before: 1, during: 1, after: 2 });
    expect(all.latency.after.count).toBe(2);
    expect(all.steps.map(({ phase }) => phase)).toEqual(['stun', 'moved']);
  });

  it('lists logins with fabric and link, and where one was handed over to', () => {
    const { nPortId, wwpn, port } = login();
    const toPort = SWITCH_PORTS[H2_LINK];
    const all = record([SWITCH, login(), { type: 'handed-over', nPortId, wwpn, port, toPort }]);
    expect(all.logins).toMatchObject([
      { fabric: FABRIC, link: H1_LINK, event: { type: 'login' } },
      { fabric: FABRIC, link: H2_LINK, event: { type: 'handed-over' } },
    ]);
  });

  it('keeps frames by their numbers, and counts them by tap', () => {
    const all = record();
    const bytes = new Uint8Array(60);
    all.see({ at: 5, number: 1, tap: H1_LINK, fabric: FABRIC, direction: 'in', bytes });
    expect([all.frames.size, all.taps.get(H1_LINK)!.counts.before, all.lastNs]).toEqual([1, 1, 5]);
  });

  it('leaves out what is too much', () => {
    const many = Array.from({ length: 1003 }, () => login());
    const all = record([SWITCH, ...many]);
    expect([all.logins.length, all.loginsLeftOut]).toEqual([1000, 3]);
  });
});
