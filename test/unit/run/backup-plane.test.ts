/** What carries an agent's questions: to the guest wherever it is, and what the array is told of a move. */
import { describe, expect, it } from 'vitest';
import type { BackupAsk } from '../../../src/host/backup-agent.ts';
import { streams } from '../../../src/machine/random.ts';
import { BackupPlane } from '../../../src/run/backup-plane.ts';
import type { ControlPlane } from '../../../src/run/control-plane.ts';
import type { Guests } from '../../../src/run/guests.ts';
import { addWorld } from '../../../src/run/power.ts';
import { buildWorld } from '../../../src/scenario/build.ts';
import { topologyOf } from '../../../src/scenario/from-scenario.ts';
import type { ArrayCommand } from '../../../src/scsi/management.ts';
import { Simulator } from '../../../src/sim/simulator.ts';
import { scenarioOf } from '../../helpers/moves.ts';

function plane(name: string, host: string | undefined) {
  const random = streams(1);
  const world = buildWorld(topologyOf(scenarioOf({}, name)), (one) => random.stream(one));
  const simulator = new Simulator({ seed: 1 });
  addWorld(simulator, world);
  const answers: unknown[] = [];
  const commands: ArrayCommand[] = [];
  world.agents.get('backup')!.handleAnswer = (_id, answer) => void answers.push(answer);
  const asked: string[] = [];
  const control = {
    ask: (at: string, command: { command: string }, done: (answer: unknown) => void) => {
      asked.push(`${at} ${command.command}`);
      done({ ok: true, command: command.command });
    },
  } as unknown as ControlPlane;
  const guests = { placed: () => [['vm1', host]].filter(([, at]) => at !== undefined) };
  const made = new BackupPlane({
    simulator,
    world,
    control,
    guests: guests as unknown as Guests,
  });
  const handle = world.array.handleCommand.bind(world.array);
  world.array.handleCommand = (command, now, reply) => {
    commands.push(command);
    handle(command, now, reply);
  };
  const settle = () => simulator.run({ untilNs: simulator.nowNs + 1e6 });
  return { plane: made, answers, asked, commands, settle };
}

const freeze: BackupAsk = {
  type: 'backup-ask',
  id: 1,
  to: 'guest',
  vm: 'vm1',
  command: { command: 'thaw', vm: 'vm1' },
};

describe('the plane of backups', () => {
  it('asks the guest where it is, and says when it is nowhere', () => {
    const there = plane('f27-pre-copy', 'h2');
    there.plane.handleEvent('backup', freeze);
    there.settle();
    expect(there.asked).toEqual(['h2 thaw']);
    expect(there.answers).toEqual([{ ok: true, command: 'thaw' }]);
    const nowhere = plane('f27-pre-copy', undefined);
    nowhere.plane.handleEvent('backup', freeze);
    nowhere.settle();
    expect(nowhere.answers).toEqual([{ ok: false, reason: 'vm1 is between two hosts' }]);
    expect(nowhere.plane.idle).toBe(true);
  });

  it('asks the array, and tells it of a move where its maps do not outlive that', () => {
    const kept = plane('f27-pre-copy', 'h1');
    kept.plane.handleEvent('backup', {
      type: 'backup-ask',
      id: 2,
      to: 'array',
      command: { command: 'revert', snapshot: 'gone' },
    });
    kept.plane.moved('vm1');
    kept.settle();
    expect(kept.answers).toEqual([{ ok: false, reason: 'there is no snapshot gone' }]);
    expect(kept.commands.map(({ command }) => command)).toEqual(['revert']);
    const lost = plane('f27-after', 'h1');
    lost.plane.moved('another');
    lost.plane.moved('vm1');
    lost.settle();
    expect(lost.commands).toEqual([{ command: 'data-moved', units: [0, 1], maps: 'lost' }]);
  });
});
