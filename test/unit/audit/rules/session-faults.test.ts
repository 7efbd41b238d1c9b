/** I1, I2, I5, I12 to I16 and I19 in sessions of iSCSI: a broken end that each must catch; sound ones are in test/property/audit/sessions.test.ts. */
import { describe, expect, it } from 'vitest';
import { blocksOf, IscsiScript } from '../../../helpers/iscsi-script.ts';
import { invariantsThat, SessionTap, verdictOf } from '../../../helpers/session-tap.ts';

interface Broken {
  readonly invariants: readonly string[];
  readonly says: RegExp;
  readonly keys?: Readonly<Record<string, string>>;
  readonly window?: number;
  run(script: IscsiScript, tap: SessionTap): void;
}

const again = (script: IscsiScript): void => {
  for (let i = 0; i < 3; i++) script.good(script.testUnitReady());
};

const BROKEN: Readonly<Record<string, Broken>> = {
  'a target that answers a command twice': {
    invariants: ['I1'],
    says: /TEST UNIT READY of frame \d+ was answered twice, in frames \d+ and \d+/,
    run: (script, tap) => {
      const tag = script.testUnitReady();
      script.good(tag);
      script.good(tag);
      tap.wait(50);
      again(script);
    },
  },
  'a target that answers what nobody asked': {
    invariants: ['I2'],
    says: /frame \d+ answers a task that nobody began/,
    run: (script, tap) => {
      script.good(0x99);
      tap.wait(50);
      again(script);
    },
  },
  'a target that tells of no residual': {
    invariants: ['I5'],
    says: /512 bytes came of 1024, the response tells of none missing/,
    run: (script) => {
      const tag = script.command([0x28, 0, 0, 0, 0, 0, 0, 0, 2, 0], {
        read: 1,
        expectedDataTransferLengthBytes: 1024,
      });
      const data = blocksOf(1, 1);
      script.says({ kind: 'SCSI Data-In', initiatorTaskTag: tag, final: 1, hasStatus: 1, data });
    },
  },
  'an initiator that uses the tag of a task that lives': {
    invariants: ['I12'],
    says: /has the tag of TEST UNIT READY of frame \d+, which had not ended/,
    run: (script) => {
      const tag = script.testUnitReady();
      script.testUnitReady({ initiatorTaskTag: tag });
      script.good(tag);
      script.good(tag);
    },
  },
  'a target that keeps a session whose place was taken': {
    invariants: ['I13', 'I14'],
    says: /TEST UNIT READY, sent in frame \d+, was answered in frame \d+, after its session was reinstated by the login at 10\.0\.0\.2:40001 in frame \d+/,
    run: (script, tap) => {
      again(script);
      tap.wait(50);
      new IscsiScript(tap).login();
      tap.wait(50);
      again(script);
    },
  },
  'a target that answers pings of a session whose place was taken': {
    invariants: ['I13', 'I14'],
    says: /NOP-Out, sent in frame/,
    run: (script, tap) => {
      tap.wait(50);
      new IscsiScript(tap).login();
      tap.wait(50);
      const own = { immediate: 1, initiatorTaskTag: 0x55, cmdSn: script.cmdSn } as const;
      script.connection.asks({ kind: 'NOP-Out', ...own });
      script.says({ kind: 'NOP-In', initiatorTaskTag: 0x55 });
    },
  },
  'an initiator that sends commands after its logout, and a target that answers them': {
    invariants: ['I13', 'I15'],
    says: /a command in frame \d+ after the Logout Request of frame \d+|after its session was logged out/,
    run: (script, tap) => {
      script.logout();
      tap.wait(50);
      again(script);
    },
  },
  'a target that answers a command whose abort it confirmed': {
    invariants: ['I16'],
    says: /was answered in frame \d+ after its abort had been confirmed in frame \d+/,
    run: (script) => {
      const tag = script.testUnitReady();
      script.abort(tag);
      script.good(tag);
    },
  },
  'a target that skips a StatSN': {
    invariants: ['I19'],
    says: /StatSN 4 of SCSI Response in frame \d+, 3 was next/,
    run: (script) => {
      script.good(script.testUnitReady());
      script.statSn++;
      script.good(script.testUnitReady());
    },
  },
  'an initiator that skips a CmdSN': {
    invariants: ['I19'],
    says: /CmdSN 3 in frame \d+, 2 was next/,
    run: (script) => {
      script.good(script.testUnitReady());
      script.cmdSn++;
      script.good(script.testUnitReady());
    },
  },
  'an initiator that does not keep to the window': {
    invariants: ['I19'],
    says: /CmdSN 2 in frame \d+, the target had offered up to 1/,
    run: (script) => {
      const first = script.testUnitReady();
      const second = script.testUnitReady();
      script.good(first);
      script.good(second);
    },
    window: 1,
  },
  'an initiator that sends data beyond what was asked for': {
    invariants: ['I19'],
    says: /write data 0 to 1024, R2T asked for 0 to 512/,
    run: (script) => {
      const tag = script.announce(8, 1);
      script.data(tag, blocksOf(2, 1));
      script.good(tag);
    },
  },
  'an initiator that sends data for an R2T that was never sent': {
    invariants: ['I19'],
    says: /write data for an R2T that was never sent/,
    run: (script) => {
      const tag = script.announce(8, 1);
      script.data(tag, blocksOf(1, 1), { targetTransferTag: 0x4711 });
      script.good(tag);
    },
  },
  'a target that asks for more than MaxBurstLength': {
    invariants: ['I19'],
    says: /R2T for 1024 bytes, MaxBurstLength is 512/,
    keys: { MaxBurstLength: '512' },
    run: (script) => {
      script.write(8, blocksOf(2, 1));
    },
  },
  'a target that counts its data wrong': {
    invariants: ['I19'],
    says: /Data-In with DataSN 1, 0 was next/,
    run: (script) => {
      script.read(8, blocksOf(1, 1), { dataSn: 1 });
    },
  },
  'a target that sends longer segments than its initiator takes': {
    invariants: ['I19'],
    says: /a data segment of 1024 bytes, the initiator takes 512/,
    keys: { MaxRecvDataSegmentLength: '512' },
    run: (script) => {
      script.read(8, blocksOf(2, 1));
    },
  },
  'an initiator that sends immediate data where none may be': {
    invariants: ['I19'],
    says: /immediate data, ImmediateData is No/,
    keys: { ImmediateData: 'No' },
    run: (script) => {
      const data = blocksOf(1, 1);
      const more = { write: 1, expectedDataTransferLengthBytes: 512, data };
      script.good(script.command([0x2a, 0, 0, 0, 0, 8, 0, 0, 1, 0], more));
    },
  },
};

describe('sessions of iSCSI', () => {
  /** What a tap sees of a broken end. */
  function tapOf({ keys = {}, run, window = 32 }: Broken): SessionTap {
    const tap = new SessionTap();
    const script = new IscsiScript(tap);
    script.window = window;
    run(script.login({ keys }), tap);
    return tap;
  }

  it.each(Object.entries(BROKEN))('catch %s', (_name, broken) => {
    const { invariants, says } = broken;
    const report = tapOf(broken).judged();
    expect(invariantsThat('violated', report)).toEqual(invariants);
    const { detail, frames } = verdictOf(report, invariants[0]!);
    expect(detail).toMatch(says);
    expect(frames.length).toBeGreaterThan(0);
  });

  it.each(Object.entries(BROKEN))(
    'say nothing of what takes both ends to see: %s',
    (_name, broken) => {
      const { frames } = tapOf(broken);
      for (const isServer of [false, true]) {
        const half = new SessionTap();
        half.frames.push(...frames.filter(({ bytes }) => (bytes[29] === 1) === isServer));
        const violated = invariantsThat('violated', half.judged());
        expect(violated.filter((id) => !['I15', 'I19'].includes(id))).toEqual([]);
      }
    },
  );

  it('say nothing where nothing was seen', () => {
    const tap = new SessionTap();
    tap.connect();
    for (const id of ['I1', 'I2', 'I5', 'I6', 'I12', 'I13', 'I14', 'I15', 'I16', 'I19'])
      expect(verdictOf(tap.judged(), id).result).toBe('not-observable');
  });

  it('accuse nobody after two logins at once: which was the first is not known', () => {
    const tap = new SessionTap();
    const first = new IscsiScript(tap).login();
    new IscsiScript(tap).login();
    tap.wait(50);
    first.good(first.testUnitReady());
    expect(invariantsThat('violated', tap.judged())).toEqual([]);
  });
});
