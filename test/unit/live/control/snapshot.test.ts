/** `snapshot`: what it refuses, in one line, with nothing changed. Cuts and maps: test/unit/live/nbd-service.test.ts. */
import { afterEach, expect, test } from 'vitest';
import { askServer } from '../../../../src/live/control/command.ts';
import { CONTROL_COMMANDS } from '../../../../src/live/control/commands.ts';
import { parseNbdAddress } from '../../../../src/live/nbd-service.ts';
import { openServer } from '../../../../src/live/open.ts';
import { streams } from '../../../../src/machine/random.ts';
import { controlRig } from '../../../helpers/live-control.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

test.each([
  [{ action: 'cut' }, 'snapshot: cut needs a name'],
  [{ action: 'cut', name: 'a@b' }, 'letters, digits, . _ and -, 64 at most'],
  [{ action: 'cut', name: 's1', units: ['gold'] }, 'there is no logical unit gold; there is lun0'],
  [{ action: 'delete', name: 's9' }, 'there is no snapshot s9'],
  [{ action: 'revert', name: 's9', units: ['lun0'] }, 'revert is for every unit that has it'],
])('%j is refused', async (request, why) => {
  const { server, close } = await openServer({
    listen: [],
    luns: [{ kind: 'memory', bytes: 1 << 20 }],
    nbd: [parseNbdAddress('nbd:127.0.0.1:0')],
    random: streams(1).stream,
    log: () => {},
  });
  closing.push(close);
  const ask = (one: object) => askServer(server, CONTROL_COMMANDS, { command: 'snapshot', ...one });
  await expect(ask(request)).rejects.toThrow(why);
  expect(await ask({})).toEqual({ units: [{ name: 'lun0', snapshots: [], references: [] }] });
});

test('units without NBD exports keep no snapshots, and say so', async () => {
  const rig = await controlRig();
  closing.push(() => rig.bench.end());
  const answer = await rig.ask({ command: 'snapshot', action: 'cut', name: 's1' });
  expect(answer).toMatchObject({ ok: false, error: 'snapshot: unit 0 keeps no snapshots' });
});
