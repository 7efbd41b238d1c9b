/** A Linux guest's command channel on a Unix socket, answered by a test as `lab/guest` does. */
import { createServer, type Server, type Socket } from 'node:net';

/** What a command comes to: its output, with status 0, or a status too; `undefined`: no answer. */
export type GuestAnswer = string | { readonly output: string; readonly status: number } | undefined;

/** A guest whose shell is a function. Commands are answered in the order in which they come. */
export class FakeGuest {
  /** Every command but the greeting, as it came. */
  readonly commands: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens; `before` is what an earlier user left unread. */
  static async listen(
    path: string,
    answer: (command: string) => GuestAnswer | Promise<GuestAnswer>,
    before = '',
  ): Promise<FakeGuest> {
    const server = createServer();
    const guest = new FakeGuest(server);
    server.on('connection', (socket) => {
      guest.#sockets.add(socket);
      socket.on('error', () => {});
      socket.write(before);
      let rest = '';
      let last: Promise<void> = Promise.resolve();
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        const lines = (rest + chunk).split('\n');
        rest = lines.pop()!;
        for (const line of lines) last = last.then(() => guest.#serve(socket, line, answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
    return guest;
  }

  async #serve(
    socket: Socket,
    command: string,
    answer: (command: string) => GuestAnswer | Promise<GuestAnswer>,
  ): Promise<void> {
    const isGreeting = command === 'echo @in-step';
    if (!isGreeting) this.commands.push(command);
    const said = isGreeting ? '@in-step' : await answer(command);
    if (said === undefined) return;
    const { output, status } = typeof said === 'string' ? { output: said, status: 0 } : said;
    socket.write(`${output === '' ? '' : `${output}\n`}@rc ${status}\n`);
  }

  /** The guest dies. */
  hangUp(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.hangUp();
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
  }
}

/** What a fake Linux host has behind its ports. */
export interface FakeLinuxOptions {
  /** 16 hex digits. */
  readonly fabricName?: string;
  /** Lines of disks behind each virtual port, as `vports_disks` prints them. */
  readonly disks?: readonly string[];
  /** What the writer says when it stops. */
  readonly stop?: string;
  /** Virtual ports were deleted: their names, 16 hex digits each. */
  readonly left?: (names: readonly string[]) => void;
}

/** Answers the commands of a move, as the functions of `lab/guest/functions.sh` do on a healthy host. */
export function fakeLinux(options: FakeLinuxOptions = {}): (command: string) => GuestAnswer {
  const { fabricName = '1000000000000001', left = () => {} } = options;
  const { disks = ['sda 2:0:0:0 2048 naa.60000000000000a1'] } = options;
  const { stop = 'stop 1700000001 from=1.000000 to=2.000000 acked=50 longest-gap=10.5ms' } =
    options;
  let seconds = 1000;
  return (command) => {
    if (command.startsWith('echo $EPOCHREALTIME')) {
      seconds += 0.001;
      return seconds.toFixed(6);
    }
    if (command.startsWith('for h in $(hosts)'))
      return `host0 0x2000525400aa0001 Online 0x${fabricName} 64`;
    const looked = /vports_disks \S+ (.*)$/.exec(command);
    if (looked !== null) {
      const names = looked[1]!.split(' ').map((one) => one.split('=')[0]);
      return names.flatMap((name) => [`@port ${name}`, ...disks]).join('\n');
    }
    const deleted = /vports_del (.*)$/.exec(command);
    if (deleted !== null) {
      left(deleted[1]!.split(' '));
      return '';
    }
    if (command.includes('mkfifo')) return '42';
    if (command.includes('await')) return stop;
    if (command.startsWith('stamp check'))
      return 'checked 0..49 ok=50 lost=0 old=0 torn=0 unread=0';
    return '';
  };
}
