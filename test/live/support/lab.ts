/**
 * One test with guests: a folder, processes that end with the test, a hard time limit, the logs of
 * everybody when it fails, and a look at every tap when it succeeds.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject, test } from 'vitest';
import { Guest, type GuestOptions } from './guest.ts';
import { Serve, type ServeOptions } from './serve.ts';
import { expectCleanTap } from './tap.ts';
import { delay } from './wait.ts';

/** What tearing down and looking at taps may take behind a test's own limit. */
const AFTER_MS = 90_000;

declare module 'vitest' {
  interface ProvidedContext {
    /** Why there can be no guests here; undefined when they can run. */
    guestsMissing: string | undefined;
  }
}

export class Lab {
  readonly dir = mkdtempSync(join(tmpdir(), 'sanmotion-guests-'));
  readonly #guests: Guest[] = [];
  readonly #serves: Serve[] = [];
  readonly #closing: (() => Promise<void> | void)[] = [];

  /** Starts `sanmotion serve`, with a tap unless told otherwise. */
  async serve(options: ServeOptions = {}, tap = true): Promise<Serve> {
    const serve = await Serve.start(this.dir, options, tap);
    this.#serves.push(serve);
    return serve;
  }

  async boot(options: GuestOptions): Promise<Guest> {
    const guest = await Guest.boot(this.dir, options);
    this.#guests.push(guest);
    return guest;
  }

  /** QEMU that waits for a running guest on a Unix socket; see `Guest.incoming`. */
  async incoming(options: GuestOptions, from: string): Promise<Guest> {
    const guest = await Guest.incoming(this.dir, options, from);
    this.#guests.push(guest);
    return guest;
  }

  /** A guest `h1` with one cable to the served fabric, logged in and with its first disk. */
  async host(serve: Serve, options: Partial<GuestOptions> = {}, disks = 1): Promise<Guest> {
    const guest = await this.boot({
      name: 'h1',
      cables: [{ connect: serve.socketPath }],
      ...options,
    });
    await guest.online(disks);
    return guest;
  }

  /** Something else to undo at the end, last first. */
  atEnd(close: () => Promise<void> | void): void {
    this.#closing.push(close);
  }

  /** Ends guests, then what serves them. */
  async end(): Promise<void> {
    await Promise.all(this.#guests.map((guest) => guest.stop()));
    for (const serve of this.#serves) await serve.stop();
    for (const close of this.#closing.splice(0).reverse()) await close();
  }

  async checkTaps(): Promise<void> {
    for (const { decodeAs, tapPath } of this.#serves) {
      if (tapPath !== undefined) await expectCleanTap(tapPath, decodeAs);
    }
  }

  /** What everybody said, for a test that failed. */
  get logs(): string {
    const parts = this.#guests.map((guest) => `--- console of ${guest.name}\n${guest.log}`);
    for (const serve of this.#serves) parts.push(`--- serve\n${serve.log}`);
    return parts.join('\n');
  }
}

/** A test that boots guests; skipped with a notice where QEMU or its image cannot be had. */
export function guestTest(name: string, limitS: number, body: (lab: Lab) => Promise<void>): void {
  test.skipIf(inject('guestsMissing') !== undefined)(
    name,
    { timeout: limitS * 1000 + AFTER_MS },
    async () => {
      const lab = new Lab();
      try {
        await Promise.race([
          body(lab),
          delay(limitS * 1000).then(() => {
            throw new Error(`the test has not ended after its ${limitS} s`);
          }),
        ]);
      } catch (error) {
        process.stderr.write(`\n=== ${name}: failed; files in ${lab.dir}\n${lab.logs}\n`);
        await lab.end();
        throw error;
      }
      await lab.end();
      await lab.checkTaps();
      rmSync(lab.dir, { recursive: true, force: true });
    },
  );
}
