/** `move`: a virtual machine goes from one guest to another, and what came of it. */
import { z } from 'zod';
import { type ControlCommand, ControlError, controlCommand, wwpnText } from '../control/command.ts';
import { GuestError } from './guest-channel.ts';
import { runLiveMove } from './live-move.ts';

const wwpns = z.union([wwpnText.transform((one) => [one]), z.array(wwpnText).min(1).max(16)]);
const SEEDS = 2 ** 32;
const blocks = z.int().min(1).max(1_000_000);

/** `move`: runs a move to its end; answers with its `LiveMoveReport`. */
export const moveCommand: ControlCommand = controlCommand(
  'move',
  'moves virtual ports and their writer from one Linux guest to another',
  {
    /** Paths of the guests' command channels. */
    from: z.string(),
    to: z.string(),
    wwpn: wwpns,
    pair: wwpns.optional(),
    strategy: z.enum(['same-wwpn', 'wwpn-pair']).default('same-wwpn'),
    underLoad: z.boolean().default(false),
    blocksBefore: blocks.default(50),
    blocksAfter: blocks.default(50),
    pauseMs: z.number().min(0).max(10_000).default(10),
    /** Of the blocks' contents: another for each move, or old blocks would pass for lost ones. */
    seed: z.int().min(0).max(0xffff_ffff).optional(),
  },
  async (server, request) => {
    const { wwpn, pair = [], strategy, seed = Date.now() % SEEDS, ...rest } = request;
    if (strategy === 'wwpn-pair' && pair.length !== wwpn.length)
      throw new ControlError('move: wwpn-pair needs as many names in pair as in wwpn');
    if (rest.from === rest.to) throw new ControlError('move: from and to are the same guest');
    try {
      return await runLiveMove(server, { ...rest, wwpns: wwpn, pair, strategy, seed });
    } catch (error) {
      if (error instanceof GuestError) throw new ControlError(`move: ${error.message}`);
      throw error;
    }
  },
);
