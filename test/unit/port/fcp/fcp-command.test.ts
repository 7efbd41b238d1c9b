/** A command as an exchange: what it is asked goes to whoever sent it. */
import { describe, expect, it } from 'vitest';
import type { FcHeader } from '../../../../src/codecs/fc/index.ts';
import { FcpCommand } from '../../../../src/port/fcp/fcp-command.ts';
import { FcpPair, SECOND, TARGET_ID } from '../../../helpers/fcp-pair.ts';
import { hex, TUR } from '../../../helpers/scsi-target.ts';

function command() {
  const said: string[] = [];
  const owner = {
    handleFrame: (_one: FcpCommand, header: FcHeader) => said.push(`frame ${header.rCtl}`),
    handleClosed: () => said.push('closed'),
    abort: () => said.push('abort'),
    forget: () => said.push('forget'),
  };
  const request = { lun: 0n, cdb: hex(TUR), timeoutNs: 3 * SECOND, onDone() {} };
  return { said, one: new FcpCommand(owner, new FcpPair().toTarget, request, 7 * SECOND) };
}

describe('a command', () => {
  it('is an exchange with its target, due after its time-out; its tag is the OX_ID', () => {
    const { one } = command();
    one.oxId = 0x1234;
    expect([one.dId, one.tag, one.dueAt]).toEqual([TARGET_ID, 0x1234, 10 * SECOND]);
  });

  it('hands frames, ends and orders to its owner', () => {
    const { one, said } = command();
    one.handleFrame({ rCtl: 7 } as FcHeader, hex(''), 0, 0);
    one.handleClosed();
    one.abort();
    one.forget();
    expect(said).toEqual(['frame 7', 'closed', 'abort', 'forget']);
  });

  it('that makes progress has its recovery tries again', () => {
    const { one } = command();
    expect(one.progressAt).toBe(7 * SECOND);
    one.recoveryTries = 2;
    one.noteProgress(8 * SECOND);
    expect([one.progressAt, one.recoveryTries]).toEqual([8 * SECOND, 0]);
  });
});
