import { expect, it } from 'vitest';
import { isDisturbance } from '../../../src/history/index.ts';
import { CRASHED, H1_LINK, STARTED, STUNNED } from '../../helpers/audit-rig.ts';

it('what is done from outside is told from what machines tell', () => {
  const down = { type: 'link-down', link: H1_LINK } as const;
  expect([CRASHED, STARTED, down, STUNNED].map(isDisturbance)).toEqual([true, true, true, false]);
});
