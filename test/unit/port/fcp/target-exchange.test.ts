/** An exchange at a target port hands on what its task says. */
import { describe, expect, it } from 'vitest';
import { TargetExchange } from '../../../../src/port/fcp/target-exchange.ts';
import type { TargetTask } from '../../../../src/scsi/transport.ts';
import { FcpPair } from '../../../helpers/fcp-pair.ts';

describe('an exchange', () => {
  it('knows what its login agreed on, and tells its port of its task', () => {
    const pair = new FcpPair({ retry: true, firstBurst: true });
    const said: string[] = [];
    const exchange: TargetExchange = new TargetExchange(
      {
        taskEnabled: (one, task, bytes) => said.push(`${one.oxId} ${task.tag} ${bytes}`),
        taskAnswered: (one, reply) => said.push(`${one.oxId} ${reply.status}`),
        taskCleared: (one) => said.push(`${one.oxId} cleared`),
      },
      pair.toInitiator,
      pair.target.nexusOf(pair.toInitiator)!,
      { oxId: 5, rxId: 0x8001 },
      512,
    );
    expect(exchange).toMatchObject({ retry: true, firstBurst: true, fcpDl: 512, rxId: 0x8001 });
    const task = { tag: 5 } as TargetTask;
    exchange.enabled(task, 1024);
    exchange.answered(task, { status: 8 });
    exchange.cleared();
    expect(said).toEqual(['5 5 1024', '5 8', '5 cleared']);
  });
});
