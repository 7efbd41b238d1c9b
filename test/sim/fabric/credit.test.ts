/** Credit starvation in whole moves: I/O is slower, and nothing that a guest relies on is broken. */
import { describe, expect, it } from 'vitest';
import type { CreditEvent } from '../../../src/history/index.ts';
import { runMove } from '../../../src/run/run.ts';
import { loadScenario } from '../../../src/scenario/load.ts';
import { broken, scenarioText } from '../../helpers/moves.ts';

const TEXT = scenarioText('fc-credit-lost');

function moved(text: string) {
  const told: CreditEvent[] = [];
  const report = runMove({
    scenario: loadScenario(text, 'x.yaml'),
    observer: {
      observe: ({ event }) => {
        if (event.type === 'credit' || event.type === 'r-rdy') told.push(event);
      },
    },
  });
  const count = (what: string) =>
    told.filter((one) => one.type === 'credit' && one.what === what).length;
  const ios = report.timeline.find(({ phase }) => phase === 'pre-copy')!.completed;
  return { report, told, count, ios };
}

describe('lost R_RDYs', () => {
  const undisturbed = moved(TEXT.replace(/events:[\s\S]*?timing/, 'timing'));
  const starved = moved(TEXT);

  it('cost throughput and no invariant, I30 neither', () => {
    expect(starved.count('r-rdy-lost')).toBeGreaterThan(10);
    expect(starved.ios).toBeLessThan(0.6 * undisturbed.ios);
    expect(broken(starved.report)).toEqual([]);
    const of30 = starved.report.verdict.find(({ invariant }) => invariant === 'I30');
    expect(of30?.result).toBe('holds');
  });

  it('are found again where both ends count them', () => {
    const counting = moved(TEXT.replace('bbCredit: 16', 'bbCredit: 16, bbScN: 3'));
    expect(counting.count('recovered')).toBeGreaterThan(0);
    expect(counting.ios).toBeGreaterThan(0.9 * undisturbed.ios);
  });

  it('that leave none are mended by a link reset, after E_D_TOV', () => {
    const without = moved(TEXT.replaceAll('forMs: 0.04', 'forMs: 0.2'));
    expect(without.count('link-reset')).toBeGreaterThan(0);
    expect(without.report.result.outcome).toBe('moved');
    expect(broken(without.report)).toEqual([]);
  });

  it('are told one by one, as no tap could see them', () => {
    expect(starved.told.filter(({ type }) => type === 'r-rdy').length).toBeGreaterThan(10_000);
  });
});
