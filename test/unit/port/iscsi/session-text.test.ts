/** Text of a session. Source: RFC 7143, 11.10, Appendix C. */
import { beforeEach, describe, expect, test } from 'vitest';
import { type IscsiClient, IscsiRig, keysOf, TARGET, textOf } from '../../../helpers/iscsi-rig.ts';

let rig: IscsiRig;
let client: IscsiClient;
beforeEach(() => {
  rig = new IscsiRig();
  client = rig.connect();
  client.login();
});

describe('a text request', () => {
  test('text: who the target is, and keys that are none', () => {
    const ask = { kind: 'Text Request', immediate: 1, initiatorTaskTag: 5, cmdSn: 1 } as const;
    const [answer] = client.ask({ ...ask, data: keysOf({ SendTargets: '', 'X-a': '1' }) });
    expect(answer).toMatchObject({ kind: 'Text Response', final: 1 });
    expect(textOf(answer)).toMatchObject({ TargetName: TARGET, 'X-a': 'NotUnderstood' });
  });

  test('text that is more than the initiator takes comes in parts', () => {
    const many = Array.from({ length: 40 }, (_, i) => `10.0.0.1:${3260 + i},${i + 1}`);
    const long = new IscsiRig({ addresses: () => many });
    const one = long.connect();
    one.login({ keys: { SessionType: 'Discovery', MaxRecvDataSegmentLength: '512' } });
    const ask = { kind: 'Text Request', immediate: 1, initiatorTaskTag: 5, cmdSn: 1 } as const;
    let [answer] = one.ask({ ...ask, data: keysOf({ SendTargets: 'All' }) });
    const parts = [answer!.data as Uint8Array];
    while (answer!.final === 0) {
      const targetTransferTag = answer!.targetTransferTag as number;
      [answer] = one.ask({ ...ask, targetTransferTag });
      parts.push(answer!.data as Uint8Array);
    }
    expect(parts.length).toBeGreaterThan(1);
    expect(
      Buffer.concat(parts)
        .toString('latin1')
        .match(/TargetAddress=/g),
    ).toHaveLength(40);
  });

  test('without end is refused', () => {
    const ask = { kind: 'Text Request', immediate: 1, initiatorTaskTag: 5, cmdSn: 1 } as const;
    const data = new Uint8Array(8192).fill(0x41);
    const answers = Array.from({ length: 9 }, () => client.ask({ ...ask, continue: 1, data })[0]);
    expect(answers.map((one) => one!.kind)).toEqual([
      ...new Array<string>(8).fill('Text Response'),
      'Reject',
    ]);
  });
});
