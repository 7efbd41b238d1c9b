/** Bounded memory: the oldest is forgotten first. */

/** Puts a value behind all others, and forgets the oldest where there are more than `most`. */
export function remember<K, V>(map: Map<K, V>, key: K, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > most) map.delete(map.keys().next().value!);
}
