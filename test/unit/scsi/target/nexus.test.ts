/** One login of two ports, and what is asked of it. */
import { describe, expect, it } from 'vitest';
import type { InitiatorPort, TargetPort } from '../../../../src/history/port-name.ts';
import { ItNexus, Nexus, type NexusOwner, Task } from '../../../../src/scsi/target/nexus.ts';
import type { CommandRequest, TaskSink } from '../../../../src/scsi/transport.ts';

const INITIATOR = '21:00:00:00:00:00:00:0a' as InitiatorPort;
const TARGET = '50:00:00:00:00:00:00:a0' as TargetPort;
const REQUEST: CommandRequest = { lun: 0n, tag: 7, attribute: 0, cdb: new Uint8Array(6) };
const SINK: TaskSink = { enabled() {}, answered() {}, cleared() {} };

function rig() {
  const said: string[] = [];
  const pair = new ItNexus(INITIATOR, TARGET, 3);
  const owner: NexusOwner = {
    submit: (nexus, request, sink) => {
      said.push(`submit ${request.tag}`);
      return new Task(nexus, request, sink, undefined);
    },
    run: (task, dataOut) => {
      said.push(`run ${task.tag} ${dataOut?.length}`);
      return { status: 0 };
    },
    end: (_task, reply) => reply,
    abortTask: (_nexus, tag) => said.push(`abort ${tag}`) > 0,
    clearTasks: (_nexus, tags, code) => said.push(`clear ${[...tags]} ${code.toString(16)}`),
    manage: (_nexus, name, lun, tag) => {
      said.push(`${name} ${lun} ${tag}`);
      return 'succeeded';
    },
    nexusLost: (nexus) => said.push(`lost ${nexus.epoch}`),
  };
  const login = () => {
    pair.login = new Nexus(pair, owner, 0x010200);
    return pair.login;
  };
  return { said, pair, login };
}

describe('a nexus', () => {
  it('is named by its ports, the number of the login, and the address', () => {
    const { login } = rig();
    login();
    expect(login().name).toEqual({
      initiator: INITIATOR,
      target: TARGET,
      epoch: 2,
      address: 0x010200,
    });
    expect(login()).toMatchObject({
      initiatorPort: INITIATOR,
      targetPort: TARGET,
      targetPortIndex: 3,
    });
  });

  it('lives until the next one, or none, takes its place', () => {
    const { login, pair } = rig();
    const one = login();
    expect(one.live).toBe(true);
    const two = login();
    expect([one.live, two.live]).toEqual([false, true]);
    pair.login = undefined;
    expect(two.live).toBe(false);
  });

  it('hands what it is asked to its owner', () => {
    const { login, said } = rig();
    const nexus = login();
    const task = nexus.submit(REQUEST, SINK);
    expect([task.tag, task.state, task.nexus]).toEqual([7, 'dormant', nexus]);
    task.run(new Uint8Array(3));
    expect(nexus.abortTask(7)).toBe(true);
    nexus.clearTasks([7, 8], 0x477f);
    expect(nexus.manage('query-task', 1n, 7)).toBe('succeeded');
    nexus.lost();
    expect(said).toEqual([
      'submit 7',
      'run 7 3',
      'abort 7',
      'clear 7,8 477f',
      'query-task 1 7',
      'lost 1',
    ]);
  });
});
