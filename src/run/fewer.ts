/** The fewest of a list that still show something: delta debugging, whose steps are tried and kept where they do. */

/** Tries of one reduction; each may cost as much as a judgement of all that is left. */
const TRIES_MAX = 4000;

/**
 * The items that are needed: without any one of them `shows` is false, unless the tries came to their bound. Ranges of
 * neighbours are left out, wide ones before narrow ones, and from the end on: what repeats something goes before it. The
 * order stays. `shows` holds for all items.
 * Source: Zeller and Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002 (ddmin, by complements).
 */
export function fewest<T>(items: readonly T[], shows: (some: readonly T[]) => boolean): T[] {
  let left = [...items];
  let tries = 0;
  for (let size = left.length; size >= 1; ) {
    let isLess = false;
    for (let end = left.length; end > 0 && tries < TRIES_MAX; end -= size) {
      const some = [...left.slice(0, Math.max(0, end - size)), ...left.slice(end)];
      tries++;
      if (!shows(some)) continue;
      left = some;
      isLess = true;
    }
    // What one round left out may have been what others were needed for.
    if (size === 1 && (!isLess || tries >= TRIES_MAX)) break;
    size = size === 1 ? 1 : Math.max(1, Math.floor(Math.min(size, left.length) / 2));
  }
  return left;
}
