/** Kinds of frames that stay the same when addresses change. */
import { expect, test } from 'vitest';
import { runMove } from '../../../src/run/run.ts';
import { signatureOf, switchAddresses } from '../../../src/run/signature.ts';
import { scenarioOf } from '../../helpers/moves.ts';

test('a frame goes to the switch where its destination is the address of one', () => {
  const scenario = scenarioOf({});
  const switches = switchAddresses(scenario);
  expect([...switches]).toContain('0e:00:fc:f0:00:01');
  const frames: Uint8Array[] = [];
  const taps: string[] = [];
  runMove({
    scenario,
    observer: {
      see: ({ bytes, direction }) => {
        if (frames.length > 200) return;
        frames.push(bytes);
        taps.push(direction);
      },
    },
  });
  const logins = frames.flatMap((frame, i) => {
    const signature = signatureOf(frame, switches);
    return /FLOGI|PLOGI/.test(signature) ? [[signature, taps[i]]] : [];
  });
  expect(logins.length).toBeGreaterThan(2);
  for (const [signature, direction] of logins) {
    expect(signature).toMatch(direction === 'in' ? /^to the switch: / : /^from the switch: /);
    expect(signature).not.toMatch(/[0-9a-f]{6} → /);
  }
  expect(signatureOf(frames[0]!, new Set())).toMatch(/^from the switch: /);
});
