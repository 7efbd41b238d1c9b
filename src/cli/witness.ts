/** `sanmotion witness`: says which of two servers with stretched units goes on. */
import { WITNESS_LIES, type WitnessLie } from '../array/pair/witness.ts';
import { streamPlaceFrom } from '../live/pair/place.ts';
import { WitnessServer } from '../live/pair/witness-server.ts';
import { Exit, toJson, UsageError } from './output.ts';
import { serveLog } from './serve-log.ts';
import { untilStopped } from './until-stopped.ts';

/** Options of `sanmotion witness`, as they were typed. */
export interface WitnessCommandOptions {
  readonly listen: string;
  readonly lies?: string;
  readonly json?: boolean;
  readonly logJson?: boolean;
}

/** Answers until SIGINT or SIGTERM. Returns the exit status. Errors: `ListenError`, `UsageError`. */
export async function witnessCommand(
  file: string,
  { json, lies, listen, logJson }: WitnessCommandOptions,
): Promise<number> {
  const pretty = process.stderr.isTTY === true && logJson !== true;
  const witness = await WitnessServer.open({
    place: streamPlaceFrom('--listen', listen),
    file,
    ...(lies === undefined ? {} : { lies: lieOf(lies) }),
    log: serveLog(process.stderr, pretty),
  });
  const stopped = untilStopped();
  const { address } = witness;
  process.stdout.write(
    json === true
      ? `${toJson({ listening: address, file, pid: process.pid })}\n`
      : `listening on ${address}\n`,
  );
  await stopped;
  await witness.close();
  return Exit.clean;
}

function lieOf(text: string): WitnessLie {
  const found = WITNESS_LIES.find((one) => one === text);
  if (found === undefined) throw new UsageError(`--lies ${text}: ${WITNESS_LIES.join(', ')}`);
  return found;
}
