/** A machine that keeps the stream contract, and one for each rule that breaks it. */
import { describe, expect, it } from 'vitest';
import { StreamCore } from '../../../src/machine/stream-core.ts';
import type {
  Conn,
  StreamEnd,
  StreamMachine,
  StreamOutput,
} from '../../../src/machine/stream-machine.ts';
import { describeStreamMachine, streamContract } from '../../../src/testing/index.ts';
import { type EchoEvent, echoMessages, LengthEcho } from '../../helpers/length-echo.ts';

const conversations = [
  echoMessages('one', '', 'three bytes and more'),
  echoMessages('x'.repeat(64)),
  // Broken off, and too long.
  echoMessages('whole', 'cut').subarray(0, 10),
  Uint8Array.of(0, 1, 65, 9, 9, 9, 9),
];

/** Titles of the rules that a machine breaks. */
const broken = (make: () => StreamMachine<EchoEvent>): string[] =>
  streamContract('echo', make, { conversations })
    .filter(({ run }) => run() !== undefined)
    .map(({ title }) => title.replace('echo ', ''));

const SPLIT = 'says the same however the bytes are cut';
const APART = 'keeps connections apart';
const BREAKS_OFF = 'stands conversations that break off';
const HALF_OPEN = 'closes when its peer has said all';
const OVER = 'says nothing on connections that are over';
const ASKED = 'stands connections that it asked for and does not get';
const ANY = 'stands any bytes, and answers in proportion';
const SAME = 'gives the same outputs for the same inputs';

describeStreamMachine({ describe, it }, 'echo', () => new LengthEcho(), { conversations });

it('what the echo says, as a check that the rules see something', () => {
  const echo = new LengthEcho();
  echo.handleOpened(7, 0);
  echo.handleBytes(7, echoMessages('ab'), 0);
  expect(echo.poll()).toEqual({ conn: 7, send: Uint8Array.of(0, 2, 97, 98) });
  expect(echo.poll()).toEqual({ event: { conn: 7, bytes: 4 } });
  echo.handleBytes(7, Uint8Array.of(1, 0), 0);
  expect(echo.poll()).toEqual({ conn: 7, close: 'reset' });
  expect([echo.poll(), echo.deadline]).toEqual([undefined, undefined]);
});

describe('a broken machine is caught when it', () => {
  it('takes every call for whole messages', () => {
    class Hasty extends LengthEcho {
      override handleBytes(conn: Conn, bytes: Uint8Array, now: number): void {
        super.handleBytes(conn, bytes, now);
        const connection = this.connections.get(conn);
        if (connection !== undefined) connection.waiting = new Uint8Array(0);
      }
    }
    expect(broken(() => new Hasty())).toEqual([SPLIT, APART]);
  });

  it('keeps the bytes that it is lent', () => {
    class Keeping extends LengthEcho {
      override handleBytes(conn: Conn, bytes: Uint8Array, now: number): void {
        const connection = this.connections.get(conn);
        const isFirst = connection?.waiting.length === 0;
        super.handleBytes(conn, bytes, now);
        if (isFirst && connection.waiting.length > 0)
          connection.waiting = bytes.subarray(bytes.length - connection.waiting.length);
      }
    }
    expect(broken(() => new Keeping())).toEqual([SPLIT, APART]);
  });

  it('has one buffer for all connections', () => {
    class Shared extends LengthEcho {
      #rest = new Uint8Array(0);
      override handleBytes(conn: Conn, bytes: Uint8Array, now: number): void {
        const connection = this.connections.get(conn);
        if (connection === undefined) return;
        connection.waiting = this.#rest;
        super.handleBytes(conn, bytes, now);
        this.#rest = connection.waiting.slice();
      }
      override close(conn: Conn, close: StreamEnd): void {
        super.close(conn, close);
        this.#rest = new Uint8Array(0);
      }
    }
    expect(broken(() => new Shared())).toContain(APART);
  });

  it('does not close after its peer', () => {
    // Without an idle time, which would close it in the end.
    class Patient extends LengthEcho {
      override handleClosed(conn: Conn, how: StreamEnd, now: number): void {
        if (how === 'reset') super.handleClosed(conn, how, now);
      }
      override get deadline(): number | undefined {
        return undefined;
      }
    }
    expect(broken(() => new Patient())).toContain(HALF_OPEN);
  });

  it('speaks on after a reset', () => {
    class Ghost extends LengthEcho {
      override handleClosed(conn: Conn, how: StreamEnd, now: number): void {
        super.handleClosed(conn, how, now);
        if (how === 'reset') this.answer(conn, Uint8Array.of(0, 0));
      }
    }
    expect(broken(() => new Ghost())).toEqual(expect.arrayContaining([BREAKS_OFF, OVER]));
  });

  it('speaks on connections that nobody opened', () => {
    class Eager extends LengthEcho {
      override handleBytes(conn: Conn, bytes: Uint8Array, now: number): void {
        if (!this.connections.has(conn)) this.handleOpened(conn, now);
        super.handleBytes(conn, bytes, now);
      }
    }
    expect(broken(() => new Eager())).toContain(OVER);
  });

  it('throws at a message that is empty', () => {
    class Proud extends LengthEcho {
      override answer(conn: Conn, message: Uint8Array): void {
        if (message.length === 2 && conn > 0) throw new RangeError('nothing to say');
        super.answer(conn, message);
      }
    }
    expect(broken(() => new Proud())).toEqual(expect.arrayContaining([BREAKS_OFF, ANY]));
  });

  it('throws at bytes that no peer of good will sends', () => {
    class Trusting extends LengthEcho {
      override close(conn: Conn, close: StreamEnd): void {
        if (close === 'reset' && this.connections.get(conn)!.waiting.length === 0)
          throw new RangeError('longer than it may be');
        super.close(conn, close);
      }
    }
    const honest = { conversations: conversations.slice(0, 2) };
    const titles = streamContract('echo', () => new Trusting(), honest)
      .filter(({ run }) => run() !== undefined)
      .map(({ title }) => title.replace('echo ', ''));
    expect(titles).toEqual([ANY]);
  });

  it('sends what a length asks for and not what came', () => {
    class Generous extends LengthEcho {
      override handleBytes(conn: Conn, bytes: Uint8Array, now: number): void {
        if (bytes[0]! > 0x40 && this.connections.has(conn))
          this.answer(conn, new Uint8Array(256 * bytes[0]!));
        super.handleBytes(conn, bytes, now);
      }
    }
    expect(broken(() => new Generous())).toContain(ANY);
  });

  it('acts on a timeout that is not due', () => {
    class Impatient extends LengthEcho {
      override handleTimeout(now: number): void {
        super.handleTimeout(now + 31e9);
      }
    }
    expect(broken(() => new Impatient())).toContain(ANY);
  });

  it('is due for ever', () => {
    class Stuck extends LengthEcho {
      override handleTimeout(): void {}
    }
    expect(broken(() => new Stuck())).toEqual(expect.arrayContaining([HALF_OPEN]));
  });

  it('answers otherwise the second time', () => {
    let made = 0;
    class Moody extends LengthEcho {
      readonly #mood = made++;
      override answer(conn: Conn, message: Uint8Array): void {
        super.answer(conn, Uint8Array.of(...message, this.#mood & 0xff));
      }
    }
    expect(broken(() => new Moody())).toContain(SAME);
  });

  it('never stops talking', () => {
    class Endless extends LengthEcho {
      override poll() {
        return { event: { conn: 0, bytes: 0 } };
      }
    }
    expect(broken(() => new Endless())).toHaveLength(8);
  });
});

/** Says hello on the connection that it asks for, and asks again, some times, where it cannot be had. */
class Caller extends LengthEcho {
  protected ids = 0;
  readonly core = new StreamCore<EchoEvent>();

  constructor() {
    super();
    this.ask();
  }

  ask(): void {
    if (this.ids < 4) this.core.connect({ id: ++this.ids, address: '10.0.0.1', port: 7 });
  }

  handleUnreachable(_id: number, _now: number): void {
    this.ask();
  }

  override poll(): StreamOutput<EchoEvent> | undefined {
    return super.poll() ?? this.core.poll();
  }
}

describe('a machine that asks for connections', () => {
  const one = { conversations: [echoMessages('one')] };
  describeStreamMachine({ describe, it }, 'a caller', () => new Caller(), one);

  it('is caught when it asks twice by one id, or for nothing', () => {
    class Twice extends Caller {
      override ask(): void {
        this.core.connect({ id: 1, address: '10.0.0.1', port: 7 });
      }
    }
    class Nowhere extends Caller {
      override ask(): void {
        this.core.connect({ id: ++this.ids, address: '', port: 7 });
      }
    }
    expect(broken(() => new Twice())).toContain(ASKED);
    expect(broken(() => new Nowhere())).toContain(ASKED);
  });

  it('is caught when it does not stand that it gets none', () => {
    class Fragile extends Caller {
      override handleUnreachable(): void {
        throw new Error('no');
      }
    }
    expect(broken(() => new Fragile())).toContain(ASKED);
  });
});
