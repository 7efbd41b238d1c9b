/** `replay --pair`: histories of both servers of a pair, sound and broken ones. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JointVerdict } from '../../../src/audit/joint-history.ts';
import { HistoryError } from '../../../src/audit/told-history.ts';
import { UsageError } from '../../../src/cli/output.ts';
import { replayCommand } from '../../../src/cli/replay.ts';
import { said } from '../../helpers/said.ts';
import { type Side, ToldHalves } from '../../helpers/told-halves.ts';

let two: ToldHalves;
beforeEach(() => {
  two = new ToldHalves();
});
afterEach(() => two.end());

/** What the command says of both, by invariant. */
async function judged(files = two.files) {
  const { status, stdout } = await said(() => replayCommand(files, { pair: true, json: true }));
  const joint = JSON.parse(stdout) as JointVerdict;
  const resultOf = (invariant: string): string =>
    joint.verdict.find((one) => one.invariant === invariant)!.result;
  const detail = joint.verdict.map((one) => one.detail).join('\n');
  return { status, joint, detail, results: [resultOf('I6'), resultOf('I36')] };
}

/** Each side has written some blocks of its own. */
async function bothWrite(byte: number): Promise<void> {
  for (const side of [0, 1] as const)
    for (let lba = 0; lba < 3; lba++)
      expect(await two.write(side, side * 64 + lba, byte)).toBe(true);
}

/** The way between them is cut until this side has gone on and written. */
async function parted(goesOn: Side): Promise<void> {
  two.cut();
  await two.stand(...(goesOn === 0 ? ['detached leads', 'suspended'] : ['suspended', 'detached']));
  expect(await two.write(goesOn, 1, 7)).toBe(true);
  two.heal();
}

test('a sound pair passes: written together, cut, gone on by one side, copied', async () => {
  await two.start();
  await bothWrite(1);
  await parted(0);
  await two.stand('in-sync leads', 'in-sync');
  await bothWrite(3);
  await two.finish();
  const { detail, joint, results, status } = await judged();
  expect(results, detail).toEqual(['holds', 'holds']);
  expect(status).toBe(0);
  expect(joint).toMatchObject({
    oneClock: true,
    histories: [{ isWhole: true }, { isWhole: true }],
  });
  expect(detail).toMatch(/^13 answered writes/);
  const text = await said(() => replayCommand(two.files, { pair: true }));
  expect(text.stdout).toMatch(/one clock: what came first is known/);
  expect(text.stdout).toMatch(/mirror +\d+ +in-sync, generation 2-array/);

  // With other clocks nothing is known of what came first.
  const [east, west] = two.files;
  writeFileSync(east!, readFileSync(east!, 'utf8').replace(/"clock":\{"machine":"/, '$&another '));
  const apart = await judged();
  expect(apart.results).toEqual(['not-observable', 'not-observable']);
  expect(apart.joint.oneClock).toBe(false);

  // A killed server has said less: nobody is accused for that.
  const lines = readFileSync(west!, 'utf8').split('\n');
  for (let kept = lines.length - 2; kept > 1; kept -= 7) {
    writeFileSync(west!, lines.slice(0, kept).join('\n'));
    writeFileSync(east!, readFileSync(east!, 'utf8').replace('another ', ''));
    const cut = await judged();
    expect(cut.results, `${kept} lines: ${cut.detail}`).not.toContain('violated');
  }
});

describe('broken pairs', () => {
  test('a witness that lets both go on: a split brain, also without a common clock', async () => {
    await two.start('both');
    await bothWrite(1);
    two.cut();
    await two.stand('detached leads', 'detached leads');
    await bothWrite(2);
    await two.finish();
    const { detail, results, status } = await judged();
    expect([results[1], status]).toEqual(['violated', 1]);
    expect(detail).toMatch(/split brain: array and mirror have both/);
    const [east] = two.files;
    writeFileSync(
      east!,
      readFileSync(east!, 'utf8').replace(/"clock":\{"machine":"/, '$&another '),
    );
    const apart = await judged();
    expect(apart.results).toEqual(['not-observable', 'violated']);
    expect(apart.detail).toMatch(
      /from generation 1-array \w+ went on alone with 2-\w+ and \w+ with 2-\w+, and both have answered writes/,
    );
  });

  test('a side that does not fence itself: it writes on as if the other were there', async () => {
    await two.start();
    const { link, standing } = two.arrayOf(0).pair!;
    const send = link.send.bind(link);
    await bothWrite(1);
    standing.lost = () => {};
    // What cannot be said to the other is taken for said.
    link.send = (command, done) =>
      command.lun % 2 === 1
        ? done({ end: 'answered', status: 0, sense: new Uint8Array(0), data: new Uint8Array(0) })
        : send(command, done);
    two.cut();
    await two.stand('in-sync leads', 'detached leads');
    await bothWrite(2);
    await two.finish();
    const { detail, results } = await judged();
    expect(results[1]).toBe('violated');
    expect(detail).toMatch(/split brain: array and mirror have both answered writes to data/);
  });

  test('a write that is answered before the other leg has it', async () => {
    await two.start();
    const { link } = two.arrayOf(0).pair!;
    const send = link.send.bind(link);
    link.send = (command, done) => {
      if (command.cdb[0] !== 0x8a || command.lun % 2 === 0) return send(command, done);
      setTimeout(() => two.halves.servers[0]!.actOnArray(() => send(command, () => {})), 20);
      done({ end: 'answered', status: 0, sense: new Uint8Array(0), data: new Uint8Array(0) });
    };
    expect(await two.write(0, 5, 1)).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 100));
    await two.finish();
    const { detail, results } = await judged();
    expect(results[1]).toBe('violated');
    expect(detail).toMatch(
      /LBA 5 of data .* was answered by array before it was on the leg at mirror/,
    );
  });

  test('a map that forgets what was written alone: legs that differ, and an answered write that one lacks', async () => {
    await two.start();
    await bothWrite(1);
    for (const { differs } of two.arrayOf(0).pair!.mirror.units) differs.set = () => {};
    await parted(0);
    await two.stand('in-sync leads', 'in-sync');
    await two.finish();
    const { detail, results } = await judged();
    expect(results).toEqual(['violated', 'violated']);
    expect(detail).toMatch(/LBA 1 of data .* holds older data at mirror than the last write/);
    expect(detail).toMatch(
      /LBA 1 of data .* is not the same at (array and mirror|mirror and array)/,
    );
  });
});

test.each([
  ['one file', (files: string[]) => files.slice(1), UsageError, /both servers/],
  ['one array twice', (files: string[]) => [files[0]!, files[0]!], HistoryError, /of array alone/],
])('%s is refused in a line', async (_, change, kind, what) => {
  await two.start();
  await two.finish();
  const run = async () => replayCommand(change(two.files), { pair: true });
  await expect(run()).rejects.toThrow(kind);
  await expect(run()).rejects.toThrow(what);
});

test('what no server writes is refused by its line; options of captures too', async () => {
  await two.start();
  expect(await two.write(0, 5, 1)).toBe(true);
  await two.finish();
  const [east] = two.files;
  const text = readFileSync(east!, 'utf8');
  const run = async () => replayCommand(two.files, { pair: true });
  for (const [from, to] of [
    ['"blocks":1,"data":{"$contents', '"blocks":9e15,"data":{"$contents'],
    ['"blocks":1,"data":{"$contents', '"blocks":2,"data":{"$contents'],
    ['"data":{"$contents":[', '"data":{"$contents":[-1,'],
    ['"generation":"1-array"', '"generation":1'],
  ] as const) {
    expect(text).toContain(from);
    writeFileSync(east!, text.replace(from, to));
    await expect(run(), to).rejects.toThrow(/history-0:\d+: is not what a server writes/);
  }
  const events = replayCommand(two.files, { pair: true, events: true });
  await expect(events).rejects.toThrow('leave --events out');
});
