/** An array of two controllers that changes over in a move: an explicit change fences, an implicit one does not. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AccessStates } from '../../../src/scsi/target/alua.ts';
import { broken, run, scenarioOf } from '../../helpers/moves.ts';

const underLateData = (name: string) => {
  const late = run(scenarioOf({}, name), 'data');
  return [late.result.outcome, late.io.dropped, broken(late)];
};

describe('a write over the old controller', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it('comes after a change that the array makes by itself', () => {
    expect(underLateData('alua-implicit')).toEqual(['moved', 0, ['I7']]);
  });

  it('comes before SET TARGET PORT GROUPS or never', () => {
    expect(underLateData('alua-explicit')).toEqual(['moved', 0, []]);
  });

  it('comes after SET TARGET PORT GROUPS of an array that ends nothing, and is found', () => {
    vi.spyOn(AccessStates.prototype, 'losing').mockReturnValue(new Set());
    expect(underLateData('alua-explicit')).toEqual(['moved', 0, ['I7']]);
  });
});
